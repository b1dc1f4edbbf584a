//! Contract 1.0.

#[path = "../call.rs"]
pub(crate) mod call;
#[path = "../lift.rs"]
pub(crate) mod lift;
mod logical;
#[path = "../lower.rs"]
pub(crate) mod lower;

use plan::{Action, Attachment, Encapsulation, EndpointPort, HostPort, LogicalRouter, RouteVia, Station, Step, Tunnel};

use super::checked::{Checked, name, vlan, vlans};
use crate::bindings::v1::exports::ovs::mode::policy;
use crate::bindings::v1::ovs::mode::{log, types, types as wit};
use crate::escape::printable;

fn step(step: &wit::Step) -> Checked<Step> {
    Ok(Step {
        label: printable(&step.label),
        action: action(&step.action)?,
        why: step.why.as_deref().map(printable),
        shared: step.shared.as_deref().map(printable),
    })
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
        wit::Action::Tunnel(mesh) => tunnel(mesh),
        wit::Action::LogicalSwitch(switch) => logical::switch(switch),
        wit::Action::LogicalRouter(router) => Ok(Action::LogicalRouter(LogicalRouter { vrf: printable(&router.vrf) })),
        wit::Action::RouterPort(port) => logical::router_port(port),
        wit::Action::StaticRoute(route) => logical::static_route(route),
        wit::Action::Localnet(localnet) => logical::localnet(localnet),
        wit::Action::Acl(acl) => logical::acl(acl),
        wit::Action::LoadBalancer(balancer) => logical::load_balancer(balancer),
        wit::Action::LogicalNat(nat) => logical::nat(nat),
        wit::Action::Custom(custom) => lift::custom(custom),
    }
}

fn attachment(on: &wit::Attachment) -> Checked<Attachment> {
    Ok(match on {
        wit::Attachment::Bridge(label) => Attachment::Bridge(name("on", label)?),
        wit::Attachment::LogicalSwitch(label) => Attachment::LogicalSwitch(name("on", label)?),
    })
}

fn route(route: &wit::Route) -> Checked<RouteVia> {
    let destination = lift::net("destination", route.destination)?;
    Ok(RouteVia { destination, next_hop: lift::address(route.next_hop) })
}

fn host_port(port: &wit::HostPort) -> Checked<Action> {
    Ok(Action::HostPort(HostPort {
        on: attachment(&port.on)?,
        addresses: lift::nets("addresses", &port.addresses)?,
        routes: port.routes.iter().map(route).collect::<Checked<_>>()?,
        vlan: port.vlan.map(vlan).transpose()?,
        mtu: port.mtu,
    }))
}

fn endpoint_port(port: &wit::EndpointPort) -> Checked<Action> {
    Ok(Action::EndpointPort(EndpointPort {
        on: attachment(&port.on)?,
        mac: lift::mac(port.mac),
        addresses: lift::nets("addresses", &port.addresses)?,
        vlan: port.vlan.map(vlan).transpose()?,
        trunks: vlans(&port.trunks)?,
        mtu: port.mtu,
        isolated: port.isolated,
        secured: port.secured,
        allowed: port.allowed.iter().map(station).collect::<Checked<_>>()?,
        rate_ingress: port.rate_ingress,
        rate_egress: port.rate_egress,
    }))
}

fn station(station: &wit::Station) -> Checked<Station> {
    Ok(Station { mac: station.mac.map(lift::mac), address: lift::net("allowed", station.address)? })
}

fn tunnel(tunnel: &wit::Tunnel) -> Checked<Action> {
    Ok(Action::Tunnel(Tunnel {
        bridge: name("bridge", &tunnel.bridge)?,
        encapsulation: match tunnel.encapsulation {
            wit::Encapsulation::Vxlan => Encapsulation::Vxlan,
            wit::Encapsulation::Geneve => Encapsulation::Geneve,
        },
        vni: tunnel.vni,
        peers: tunnel.peers.iter().copied().map(lift::address).collect(),
    }))
}
