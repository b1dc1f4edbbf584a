//! Whether ovs-vswitchd has made what a transaction asked for, and what it said if it could not.
//!
//! `ofport` and `error` are kept in the database over a crash, so that rows can claim to be ready which are not. They
//! count only once `cur_cfg` has reached the number that our own transaction set, or in a row that it inserted.

use plan::InterfaceName;

use super::view::{Interface, View};
use super::{PortSpec, Wanted};
use crate::Error;

/// What a transaction asked for.
pub(crate) struct Asked<'a> {
    pub(crate) wanted: &'a Wanted,
    /// The ports that it inserted.
    pub(crate) inserted: &'a [InterfaceName],
    /// The number it set.
    pub(crate) next_cfg: i64,
}

/// How far ovs-vswitchd is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// All is there.
    Done,
    /// It is still at it, with this.
    Waiting(String),
    /// A row is gone: somebody removed it, or the database was made anew.
    Lost,
}

impl Asked<'_> {
    /// Looks at everything; an error is what ovs-vswitchd said.
    pub(crate) fn progress(&self, view: &View) -> Result<Progress, Error> {
        let settled = view.root().is_some_and(|root| root.cur_cfg() >= self.next_cfg);
        for bridge in &self.wanted.bridges {
            match view.bridge(&bridge.name) {
                None => return Ok(Progress::Lost),
                Some(row) if row.is_made() => {}
                Some(row) if settled => return Err(not_made(row.name(), row.is_netdev(), view)),
                Some(_) => return Ok(Progress::Waiting(format!("bridge {}", bridge.name))),
            }
        }
        for port in &self.wanted.ports {
            let Some(interface) = view.interface(&port.name) else { return Ok(Progress::Lost) };
            let vouched = settled || self.inserted.contains(&port.name);
            match port_progress(port, interface, vouched)? {
                true => {}
                false if settled => return Err(refused(port, "it says nothing: see the log of ovs-vswitchd")),
                false => return Ok(Progress::Waiting(format!("port {} of bridge {}", port.name, port.bridge))),
            }
        }
        let without_ports = self.wanted.ports.is_empty() && !settled;
        Ok(if without_ports { Progress::Waiting(self.wanted.to_string()) } else { Progress::Done })
    }
}

/// Whether a port is ready; an error if it cannot be used.
fn port_progress(port: &PortSpec, interface: Interface<'_>, vouched: bool) -> Result<bool, Error> {
    match (interface.ofport(), interface.error()) {
        _ if !vouched => Ok(false),
        (_, Some(error)) => Err(refused(port, error)),
        (Some(ofport), None) if ofport > 0 => Ok(true),
        (Some(_), None) => Err(refused(port, "it has no number for it: see the log of ovs-vswitchd")),
        (None, None) => Ok(false),
    }
}

fn refused(port: &PortSpec, said: &str) -> Error {
    Error::Port { port: port.name.to_string(), bridge: port.bridge.to_string(), said: said.to_owned() }
}

/// Open vSwitch says nowhere in its database why it made no datapath; a missing kernel module is the usual reason.
fn not_made(bridge: &str, netdev: bool, view: &View) -> Error {
    let said = view.interface(bridge).and_then(Interface::error).map(str::to_owned);
    let usual = if netdev {
        "see the log of ovs-vswitchd"
    } else {
        "is the kernel module there? (modprobe openvswitch); the option datapath=netdev works without it"
    };
    Error::Datapath {
        bridge: bridge.to_owned(),
        datapath: if netdev { "netdev" } else { "system" }.to_owned(),
        said: said.unwrap_or_else(|| usual.to_owned()),
    }
}
