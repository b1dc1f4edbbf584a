//! An endpoint's port: that endpoint's link, with its addresses and nobody else's.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::Asked;
use super::denial::{Broken, Rule};
use super::link;
use super::logical::{self, Whose};
use super::scene::Scene;
use super::sender;
use crate::{Attachment, EndpointPort, Label, MacAddress, Network};

pub(super) fn check(port: &EndpointPort, scene: &Scene<'_>) -> Result<(), Broken> {
    match &port.on {
        Attachment::Bridge(label) => drop(scene.bridge(label)?),
        Attachment::LogicalSwitch(label) => on_logical_switch(label, port, scene)?,
    }
    link::vlans(port.vlan, &port.trunks, scene)?;
    link::mtu(port.mtu, scene)?;
    sender::check(port, scene)?;
    let Asked::Endpoint { endpoint, .. } = scene.request.asked else {
        return Ok(());
    };
    station(endpoint.mac)?;
    endpoint.addresses.iter().try_for_each(|net| in_pool(net, scene.request.network))?;
    if port.mac != endpoint.mac {
        return Err(broken(port.mac, format!("the endpoint's is {}", endpoint.mac)));
    }
    let (has, given): (BTreeSet<_>, BTreeSet<_>) =
        (endpoint.addresses.iter().collect(), port.addresses.iter().collect());
    if has != given || given.len() != port.addresses.len() {
        let list = |nets: &[IpNet]| nets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let right = format!("the endpoint's are [{}], each once", list(&endpoint.addresses));
        return Err(broken(format_args!("[{}]", list(&port.addresses)), right));
    }
    Ok(())
}

/// Checks what a port on a logical switch cannot have, and that the switch is the network's.
fn on_logical_switch(label: &Label, port: &EndpointPort, scene: &Scene<'_>) -> Result<(), Broken> {
    let (_, whose) = logical::switch(label, scene)?;
    if !matches!(whose, Whose::Own | Whose::Users) {
        return Err(logical::broken(format_args!("a container on \"{label}\""), "take the network's own switch"));
    }
    if port.isolated {
        return Err(logical::broken("isolated", "on a logical switch, say it with an acl"));
    }
    if port.vlan.is_some() || !port.trunks.is_empty() {
        return Err(logical::broken("a VLAN", "a logical switch has none: leave it out"));
    }
    Ok(())
}

/// Checks that an Ethernet address is one that a link can have: the kernel takes no other.
fn station(mac: MacAddress) -> Result<(), Broken> {
    if mac.is_unicast() {
        return Ok(());
    }
    let right = "it names no single station: an even first octet, and not zero in all six, is wanted, such as \
                 02:42:0a:00:00:02";
    Err(broken(mac, right).blame(format!("MAC address {mac}")))
}

/// Checks that an address that Docker gives the endpoint is a station's in one of the network's pools. A network may have
/// none of that family: then nobody but its endpoints knows the addresses.
fn in_pool(net: &IpNet, network: &Network) -> Result<(), Broken> {
    let pools = || network.subnets.iter().map(|subnet| subnet.pool);
    let everything = |pool: IpNet| pool.prefix_len() == 0 && pool.addr().is_ipv4() == net.addr().is_ipv4();
    if network.subnets.is_empty() || pools().any(everything) {
        return Ok(());
    }
    let right = match pools().find(|pool| super::is_in(pool, net.addr())) {
        None => {
            let pools: Vec<_> = pools().map(|pool| pool.to_string()).collect();
            format!("it is in none of the network's pools [{}], take an address of one of them", pools.join(", "))
        }
        Some(pool) if !super::is_station(&pool, net.addr()) => {
            format!("it names all of {pool}, take the address of one station in it")
        }
        Some(_) => return Ok(()),
    };
    Err(broken(net, right).blame(format!("address {net}")))
}

fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::EndpointAddress, value, right)
}
