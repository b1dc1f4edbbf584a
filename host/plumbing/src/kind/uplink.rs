//! `uplink`: a host interface on a bridge. Its addresses are never touched, and undoing leaves it as it is.

use plan::{AdmittedStep, Uplink};

use super::{Parts, add_port, bridge_of, name, rule};
use crate::nat::Effect;
use crate::ovs::{PortSpec, Role, Vlans};
use crate::{Error, Work};

pub(super) fn parts(work: &Work, step: &AdmittedStep, uplink: &Uplink) -> Result<Parts, Error> {
    let name = name(step)?;
    let port = PortSpec {
        label: step.label.clone(),
        name: name.clone(),
        bridge: bridge_of(work, step)?,
        role: Role::Uplink,
        vlans: Vlans::of_uplink(uplink.vlan, &uplink.trunks),
        binding: None,
    };
    // On the kernel's datapath the rule never matches: Open vSwitch takes the frames before the host sees them.
    let guard = rule(work, Effect::Guard { uplink: name.clone() });
    Ok(Parts { port: Some(port), up: Some(name), rule: Some(guard), ..Parts::default() })
}

pub(super) fn shell(work: &Work, parts: &Parts) -> Vec<String> {
    let add = parts.port.iter().map(|port| add_port(work, port));
    add.chain(parts.up.iter().map(|name| format!("ip link set {name} up"))).collect()
}
