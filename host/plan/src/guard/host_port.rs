//! A host port: the host's foot in the network, at an address that no container can be given.

use std::net::IpAddr;

use ipnet::IpNet;

use super::denial::{Broken, Rule};
use super::link;
use super::logical::{self, Whose};
use super::scene::{Scene, Stage};
use crate::{Action, Attachment, Attribute, Capability, HostPort, Label, LogicalSwitch, Network, RouteVia, Value};

pub(super) fn check(port: &HostPort, scene: &Scene<'_>) -> Result<(), Broken> {
    let switch = match &port.on {
        Attachment::Bridge(label) => scene.bridge(label).map(|_| None)?,
        Attachment::LogicalSwitch(label) => Some((label, logical::switch(label, scene)?)),
    };
    scene.granted(Capability::HostAddress)?;
    link::vlans(port.vlan, &[], scene)?;
    link::mtu(port.mtu, scene)?;
    if port.addresses.is_empty() {
        return Err(broken("no address", "give it the gateway's, or one that an option of the network names"));
    }
    let mut taken: Vec<IpAddr> =
        scene.earlier.iter().flat_map(|step| addresses(&step.action)).map(IpNet::addr).collect();
    for net in &port.addresses {
        if taken.contains(&net.addr()) {
            return Err(broken(net, "the host has it already in this network"));
        }
        taken.push(net.addr());
        match switch {
            Some((label, (switch, Whose::Join))) => join_address(net, label, switch, scene)?,
            Some((label, (_, Whose::Outside))) => {
                return Err(broken(
                    format_args!("the host on \"{label}\""),
                    "only routers are in the physical network",
                ));
            }
            Some((_, (_, Whose::Own | Whose::Users))) | None => address(net, scene)?,
        }
    }
    if switch.is_some() && port.vlan.is_some() {
        return Err(logical::broken("a VLAN", "a logical switch has none: leave it out"));
    }
    port.routes.iter().try_for_each(|one| route(one, port, scene.request.network))
}

/// Checks that what the host reaches through a port is the network's own, by a station on the port's link.
pub(super) fn route(route: &RouteVia, port: &HostPort, network: &Network) -> Result<(), Broken> {
    let RouteVia { destination, next_hop } = route;
    let right = if !logical::in_pools(destination, network) {
        "the host reaches the network's own pools through it, and nothing else"
    } else if destination.addr().is_ipv4() != next_hop.is_ipv4() {
        "destination and next hop are of one family"
    } else if !port
        .addresses
        .iter()
        .any(|net| net.addr() != *next_hop && net.contains(next_hop) && super::is_station(net, *next_hop))
    {
        "the next hop is another station in a subnet of the port"
    } else {
        return Ok(());
    };
    Err(broken(format_args!("a route to {destination} by {next_hop}"), right))
}

/// Checks that an address is a station's on what joins the VRF's router to its hosts, and not the router's.
fn join_address(net: &IpNet, label: &Label, switch: &LogicalSwitch, scene: &Scene<'_>) -> Result<(), Broken> {
    let is_routers = |action: &Action| matches!(action, Action::RouterPort(port) if port.switch == *label && port.addresses.iter().any(|other| other.addr() == net.addr()));
    if !switch.subnets.contains(&net.trunc()) || !super::is_station(net, net.addr()) {
        let right = format!("it is no station's in a subnet of the switch, [{}]", logical::list(&switch.subnets));
        return Err(broken(net, right));
    }
    if scene.steps().any(|step| is_routers(&step.action)) {
        return Err(broken(net, "the router has it already"));
    }
    other_join(net, scene)
}

/// Checks that no other VRF is joined to this host by the same subnet: modes find it from the VRF's name, and two names
/// may come to one.
fn other_join(net: &IpNet, scene: &Scene<'_>) -> Result<(), Broken> {
    if scene.stage == Stage::Stored {
        return Ok(());
    }
    let others = scene.request.host.shared.iter().filter(|shared| shared.step.shared != scene.step.shared);
    let mut same = others.filter(|shared| {
        let is_logical =
            matches!(&shared.step.action, Action::HostPort(HostPort { on: Attachment::LogicalSwitch(_), .. }));
        is_logical && addresses(&shared.step.action).iter().any(|other| other.trunc() == net.trunc())
    });
    match same.next().and_then(|shared| Some((shared, shared.step.shared.as_ref()?))) {
        Some((shared, key)) => {
            let right = format!(
                "the host joins \"{key}\" by this subnet already, for network {}: give the VRF another name, or the \
                 network another way out",
                shared.holder
            );
            Err(broken(net, right))
        }
        None => Ok(()),
    }
}

fn addresses(action: &Action) -> &[IpNet] {
    match action {
        Action::HostPort(port) => &port.addresses,
        _ => &[],
    }
}

/// Checks that an address is a station's in one of the pools, and the host's to take.
fn address(net: &IpNet, scene: &Scene<'_>) -> Result<(), Broken> {
    let network = scene.request.network;
    let Some(subnet) = network.subnets.iter().find(|subnet| super::is_in(&subnet.pool, net.addr())) else {
        return Err(users(broken(net, "it is in none of the network's pools"), net, scene));
    };
    let pool = subnet.pool;
    if net.prefix_len() != pool.prefix_len() {
        return Err(broken(net, format!("the pool is {pool}: the prefix length has to be {}", pool.prefix_len())));
    }
    if !super::is_station(&pool, net.addr()) {
        return Err(users(broken(net, format!("it names all of {pool}, not one station in it")), net, scene));
    }
    let asked_for = |option: &Attribute| says(&option.value, net.addr());
    if subnet.gateway.is_some_and(|gateway| gateway.addr() == net.addr()) || network.options.iter().any(asked_for) {
        return Ok(());
    }
    Err(broken(net, "a container could be given it: take the gateway's, or one that an option of the network names"))
}

/// An address is the user's who gave it to the network as its gateway's, or in an option.
fn users(broken: Broken, net: &IpNet, scene: &Scene<'_>) -> Broken {
    let address = net.addr();
    let mut gateways = scene.request.network.subnets.iter().filter_map(|subnet| subnet.gateway);
    match gateways.any(|gateway| gateway.addr() == address) {
        true => broken.blame(format!("gateway {address}")),
        false => broken.blame_option(&address.to_string(), scene.request),
    }
}

fn says(value: &Value, address: IpAddr) -> bool {
    match value {
        Value::Address(named) => *named == address,
        Value::Net(named) => named.addr() == address,
        Value::Text(text) => text.split('/').next().is_some_and(|text| text.parse() == Ok(address)),
        Value::Integer(_) | Value::Boolean(_) | Value::Mac(_) | Value::Texts(_) => false,
    }
}

fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::HostAddress, value, right)
}
