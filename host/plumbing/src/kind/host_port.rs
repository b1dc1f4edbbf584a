//! `host-port`: an internal port with addresses, the host's foot in the network.

use plan::{AdmittedStep, HostPort, MacAddress};

use super::{Parts, add_port, logical_port, name, unperformable};
use crate::link::Configuration;
use crate::ovs::{PortSpec, Role, Vlans};
use crate::{Error, Work};

pub(super) fn parts(work: &Work, step: &AdmittedStep, host: &HostPort) -> Result<Parts, Error> {
    let first = host.addresses.first().ok_or_else(|| unperformable(step, "the host port has no address"))?;
    let name = name(step)?;
    // Derived, so that neighbours keep knowing the gateway after it had to be made again.
    let mac = MacAddress::derived(&work.mark.network, first.addr());
    let port = PortSpec {
        label: step.label.clone(),
        name: name.clone(),
        bridge: logical_port::bridge(work, step, &host.on)?,
        role: Role::Host { mac, mtu: host.mtu },
        vlans: Vlans::of_station(host.vlan, &[]),
        binding: None,
    };
    // The MTU is Open vSwitch's to set: it would put back any other.
    let configuration = Configuration { addresses: host.addresses.clone(), routes: host.routes.clone(), mtu: None };
    let mut parts = Parts { port: Some(port), foot: Some((name, configuration)), ..Parts::default() };
    logical_port::host(work, step, host, &mut parts)?;
    Ok(parts)
}

pub(super) fn shell(work: &Work, parts: &Parts) -> Vec<String> {
    let add = parts.port.iter().map(|port| {
        let Role::Host { mac, mtu } = &port.role else { return add_port(work, port) };
        let mtu = mtu.map(|mtu| format!(" mtu_request={mtu}")).unwrap_or_default();
        format!("{} -- set Interface {} type=internal mac='\"{mac}\"'{mtu}", add_port(work, port), port.name)
    });
    let addresses = parts.foot.iter().flat_map(|(name, configuration)| {
        let add = configuration.addresses.iter().map(move |address| format!("ip address add {address} dev {name}"));
        let routes = configuration.routes.iter();
        let routes =
            routes.map(move |route| format!("ip route add {} via {} dev {name}", route.destination, route.next_hop));
        add.chain([format!("ip link set {name} up")]).chain(routes)
    });
    add.chain(addresses).collect()
}
