//! An endpoint's port: that endpoint's link, with its addresses and nobody else's.

use std::collections::BTreeSet;

use super::Asked;
use super::denial::{Broken, Rule};
use super::link;
use super::scene::Scene;
use crate::EndpointPort;

pub(super) fn check(port: &EndpointPort, scene: &Scene<'_>) -> Result<(), Broken> {
    scene.bridge(&port.bridge)?;
    link::vlans(port.vlan, &port.trunks, scene)?;
    link::mtu(port.mtu, scene)?;
    let Asked::Endpoint { endpoint, .. } = scene.request.asked else {
        return Ok(());
    };
    if port.mac != endpoint.mac {
        return Err(broken(port.mac, format!("the endpoint's is {}", endpoint.mac)));
    }
    let (has, given): (BTreeSet<_>, BTreeSet<_>) =
        (endpoint.addresses.iter().collect(), port.addresses.iter().collect());
    if has != given || given.len() != port.addresses.len() {
        let list = |nets: &[ipnet::IpNet]| nets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let right = format!("the endpoint's are [{}], each once", list(&endpoint.addresses));
        return Err(broken(format_args!("[{}]", list(&port.addresses)), right));
    }
    Ok(())
}

fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::EndpointAddress, value, right)
}
