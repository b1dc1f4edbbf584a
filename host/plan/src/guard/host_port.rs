//! A host port: the host's foot in the network, at an address that no container can be given.

use std::net::IpAddr;

use ipnet::IpNet;

use super::denial::{Broken, Rule};
use super::link;
use super::scene::Scene;
use crate::{Action, Attribute, Capability, HostPort, Value};

pub(super) fn check(port: &HostPort, scene: &Scene<'_>) -> Result<(), Broken> {
    scene.attachment(&port.on)?;
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
        address(net, scene)?;
    }
    Ok(())
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
