//! Whether ovs-vswitchd has made what a transaction asked for, and what it said if it could not.
//!
//! `ofport` and `error` are kept in the database over a crash, so that rows can claim to be ready which are not. They
//! count only once `cur_cfg` has reached the number that our own transaction set, or in a row that it inserted.

use plan::InterfaceName;

use super::view::{Interface, View};
use super::{PortSpec, Role, Wanted};
use crate::Error;

/// What a transaction asked for.
pub(crate) struct Asked<'a> {
    pub(crate) wanted: &'a Wanted,
    /// The ports that this call inserted.
    pub(crate) inserted: Vec<InterfaceName>,
    /// The number that was set.
    pub(crate) next_cfg: i64,
    /// Whether there is more to ask for once this is done.
    pub(crate) first_half: bool,
    /// Whether containers' links were there before the transaction. If they were made beside it, ovs-vswitchd may have
    /// looked for them too early: what it says against them then only counts when it was asked again.
    pub(crate) links_were_there: bool,
}

/// How far ovs-vswitchd is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// All is there.
    Done,
    /// It is still at it, with this.
    Waiting(String),
    /// It looked for a container's link before that was there.
    TooEarly,
    /// It has to be asked again: a row is gone.
    Again,
}

impl Asked<'_> {
    /// Looks at everything; an error is what ovs-vswitchd said.
    pub(crate) fn progress(&self, view: &View) -> Result<Progress, Error> {
        let settled = view.root().is_some_and(|root| root.cur_cfg() >= self.next_cfg);
        for bridge in &self.wanted.bridges {
            match view.bridge(&bridge.name) {
                None => return Ok(Progress::Again),
                Some(row) if row.is_made() => {}
                Some(row) if settled => return Err(not_made(row.name(), row.is_netdev(), view)),
                Some(_) => return Ok(Progress::Waiting(format!("bridge {}", bridge.name))),
            }
        }
        for port in &self.wanted.ports {
            let Some(interface) = view.interface(&port.name) else { return Ok(Progress::Again) };
            match self.port_progress(port, interface, settled)? {
                Progress::Done => {}
                other => return Ok(other),
            }
        }
        let without_ports = self.wanted.ports.is_empty() && !settled;
        Ok(if without_ports { Progress::Waiting(self.wanted.to_string()) } else { Progress::Done })
    }

    fn port_progress(&self, port: &PortSpec, interface: Interface<'_>, settled: bool) -> Result<Progress, Error> {
        let vouched = settled || self.inserted.contains(&port.name);
        let waiting = || Progress::Waiting(format!("port {} of bridge {}", port.name, port.bridge));
        match (interface.ofport(), interface.error()) {
            (Some(ofport), None) if vouched && ofport > 0 => Ok(Progress::Done),
            _ if !settled => Ok(waiting()),
            _ if !self.links_were_there && matches!(port.role, Role::Endpoint { .. }) => Ok(Progress::TooEarly),
            (_, Some(error)) => Err(refused(port, error)),
            (_, None) => Err(refused(port, "it says nothing: see the log of ovs-vswitchd")),
        }
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
