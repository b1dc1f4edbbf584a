//! Contract 0.1: all ports are plugged into bridges, and nothing is shared, secured, limited or routed.

#[path = "../call.rs"]
pub(crate) mod call;
#[path = "../lift.rs"]
pub(crate) mod lift;
#[path = "../lower.rs"]
pub(crate) mod lower;

use plan::{Action, Attachment, EndpointPort, HostPort, Step};

use super::checked::{Checked, name, vlan, vlans};
use crate::bindings::v0::exports::ovs::mode::policy;
use crate::bindings::v0::ovs::mode::{log, types, types as wit};
use crate::escape::printable;

fn step(step: &wit::Step) -> Checked<Step> {
    let (label, why) = (printable(&step.label), step.why.as_deref().map(printable));
    Ok(Step { label, action: action(&step.action)?, why, shared: None })
}

fn action(action: &wit::Action) -> Checked<Action> {
    match action {
        wit::Action::Bridge(bridge) => lift::bridge(bridge),
        wit::Action::Uplink(uplink) => lift::uplink(uplink),
        wit::Action::HostPort(port) => host_port(port),
        wit::Action::EndpointPort(port) => endpoint_port(port),
        wit::Action::Masquerade(masquerade) => lift::masquerade(masquerade),
        wit::Action::Forward(forward) => lift::forward(forward),
        wit::Action::Publish(publish) => lift::publish(publish),
        wit::Action::Custom(custom) => lift::custom(custom),
    }
}

fn host_port(port: &wit::HostPort) -> Checked<Action> {
    let on = Attachment::Bridge(name("bridge", &port.bridge)?);
    let plain = HostPort::new(on, lift::nets("addresses", &port.addresses)?);
    Ok(Action::HostPort(HostPort { vlan: port.vlan.map(vlan).transpose()?, mtu: port.mtu, ..plain }))
}

fn endpoint_port(port: &wit::EndpointPort) -> Checked<Action> {
    let on = Attachment::Bridge(name("bridge", &port.bridge)?);
    let plain = EndpointPort::new(on, lift::mac(port.mac), lift::nets("addresses", &port.addresses)?);
    Ok(Action::EndpointPort(EndpointPort {
        vlan: port.vlan.map(vlan).transpose()?,
        trunks: vlans(&port.trunks)?,
        mtu: port.mtu,
        isolated: port.isolated,
        ..plain
    }))
}
