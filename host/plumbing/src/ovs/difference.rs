//! How what is wanted and what is there differ: the one judgement that performing, verifying and repairing share.

use plan::Datapath;
use uuid::Uuid;

use super::view::{Bridge, Port, View};
use super::{BridgeSpec, PortSpec, Purpose, Role, Wanted, rate};
use crate::{Error, Mark};

/// How a bridge is.
pub(crate) enum BridgeState {
    /// There, and ours as wanted, or a user's.
    Fine,
    /// Not there.
    Missing,
    /// Ours, and changed by somebody; how.
    Different(Uuid, String),
}

impl BridgeState {
    /// Compares a bridge with what is there.
    pub(crate) fn of(spec: &BridgeSpec, wanted: &Wanted, view: &View) -> Result<Self, Error> {
        let Some(bridge) = view.bridge(&spec.name) else { return Ok(Self::Missing) };
        let ours = bridge.mark().is_some_and(|mark| mark.instance == wanted.mark.instance);
        let other_datapath =
            spec.datapath != Datapath::Auto && bridge.is_netdev() != (spec.datapath == Datapath::Netdev);
        let has = if bridge.is_netdev() { "netdev" } else { "system" };
        if !ours && !spec.named {
            return Err(Error::Foreign { what: "bridge", name: spec.name.to_string(), owner: owner(bridge.mark()) });
        }
        if !ours && other_datapath {
            let owner = format!("{} and has datapath {has}", owner(bridge.mark()));
            return Err(Error::Foreign { what: "bridge", name: spec.name.to_string(), owner });
        }
        Ok(match ours {
            true if other_datapath => Self::Different(bridge.uuid(), format!("its datapath is {has}")),
            true if !unwanted(spec, wanted, bridge, view).is_empty() => {
                let ports = unwanted(spec, wanted, bridge, view).iter().map(|port| port.name()).collect::<Vec<_>>();
                Self::Different(bridge.uuid(), format!("it has ports that are not wanted: {}", ports.join(", ")))
            }
            true if bridge.fail_mode() != Some(spec.fail_mode()) => {
                Self::Different(bridge.uuid(), format!("its fail_mode is not {}", spec.fail_mode()))
            }
            _ => Self::Fine,
        })
    }
}

/// The ports of ours on a mesh's bridge that nobody wants any more: tunnels to hosts that went.
pub(super) fn unwanted<'a>(spec: &BridgeSpec, wanted: &Wanted, bridge: Bridge<'a>, view: &'a View) -> Vec<Port<'a>> {
    let goes = |port: &Port<'_>| {
        port.mark().as_ref() == Some(&wanted.mark) && wanted.ports.iter().all(|other| *other.name != *port.name())
    };
    match spec.purpose {
        Purpose::Mesh => view.ports(bridge).filter(goes).collect(),
        Purpose::Segment | Purpose::Guard => Vec::new(),
    }
}

/// How a port is.
pub(crate) enum PortState {
    /// There as wanted.
    Fine,
    /// Not there.
    Missing,
    /// Ours, and changed by somebody; how.
    Different(PortRows, String),
    /// Ours, and moved to another bridge by somebody.
    Elsewhere {
        /// Where it is now.
        bridge: Uuid,
        /// Its row.
        port: Uuid,
    },
}

/// The rows of a port that has one interface.
pub(crate) struct PortRows {
    pub(crate) port: Uuid,
    pub(crate) interface: Uuid,
    /// Whether it has another rate than it should.
    pub(crate) other_rate: bool,
}

impl PortState {
    /// Compares a port with what is there.
    pub(crate) fn of(spec: &PortSpec, wanted: &Wanted, view: &View) -> Result<Self, Error> {
        let Some(port) = view.port(&spec.name) else { return missing(spec, view) };
        let bridge = view.bridge_of(port);
        let here = bridge.is_some_and(|bridge| bridge.name() == spec.bridge.as_str());
        if port.mark().as_ref() != Some(&wanted.mark) {
            return shared(spec, port, bridge, here);
        }
        match bridge {
            Some(bridge) if !here => Ok(Self::Elsewhere { bridge: bridge.uuid(), port: port.uuid() }),
            _ => compare(spec, port, view),
        }
    }
}

/// A name that no port has can still be an interface's of a bond.
fn missing(spec: &PortSpec, view: &View) -> Result<PortState, Error> {
    let holder = view.interface(&spec.name).and_then(|interface| view.port_of(interface));
    match holder {
        Some(bond) => {
            let owner = format!("port {}, a bond", bond.name());
            Err(Error::Foreign { what: "interface", name: spec.name.to_string(), owner })
        }
        None => Ok(PortState::Missing),
    }
}

/// A port that is not this plan's: only an uplink can be shared, if it already is what the plan wants.
fn shared(spec: &PortSpec, port: Port<'_>, bridge: Option<Bridge<'_>>, here: bool) -> Result<PortState, Error> {
    let same = here && port.vlans() == spec.vlans;
    if spec.role == Role::Uplink && same {
        return Ok(PortState::Fine);
    }
    let on = bridge.map(|bridge| format!(" on bridge {}", bridge.name())).unwrap_or_default();
    let other = if here && spec.role == Role::Uplink { " with other VLANs" } else { "" };
    let owner = format!("{}{on}{other}", owner(port.mark()));
    Err(Error::Foreign { what: "port", name: spec.name.to_string(), owner })
}

fn compare(spec: &PortSpec, port: Port<'_>, view: &View) -> Result<PortState, Error> {
    let interfaces: Vec<_> = view.interfaces(port).collect();
    let [interface] = interfaces[..] else {
        let owner = "somebody who made it a bond".to_owned();
        return Err(Error::Foreign { what: "port", name: spec.name.to_string(), owner });
    };
    let role_differs = match &spec.role {
        Role::Host { mac, mtu } => interface.mac() != Some(&mac.to_string()) || interface.mtu_request() != *mtu,
        Role::Patch { .. } | Role::Tunnel { .. } | Role::Uplink | Role::Endpoint { .. } => {
            spec.role.options().iter().any(|(key, value)| interface.option(key) != Some(value))
        }
    };
    let other_rate = !rate::is_as_wanted(spec, port, view);
    let bound = |(key, value): (&str, String)| interface.id(key) == Some(&*value);
    let binding_differs = spec.binding.as_ref().is_some_and(|binding| !binding.ids().into_iter().all(bound));
    let differs = [
        (port.vlans() != spec.vlans, "its VLANs"),
        (port.is_protected() != spec.protected(), "whether it is protected"),
        (interface.kind() != spec.interface_type(), "its type"),
        (role_differs, if spec.interface_type() == "internal" { "its MAC address or MTU" } else { "its other end" }),
        (other_rate, "its rate"),
        (binding_differs, "the logical port it is bound to"),
    ];
    let what: Vec<&str> = differs.iter().filter(|(differs, _)| *differs).map(|(_, what)| *what).collect();
    if what.is_empty() {
        return Ok(PortState::Fine);
    }
    let rows = PortRows { port: port.uuid(), interface: interface.uuid(), other_rate };
    Ok(PortState::Different(rows, format!("somebody changed {}", what.join(", "))))
}

/// Whose a thing is, in words.
fn owner(mark: Option<Mark>) -> String {
    match mark {
        None => "somebody else".to_owned(),
        Some(mark) => match &mark.endpoint {
            None => format!("network {} of instance {}", mark.network, mark.instance),
            Some(endpoint) => format!("endpoint {endpoint} of instance {}", mark.instance),
        },
    }
}
