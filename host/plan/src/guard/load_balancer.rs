//! Publishing at a logical router: the ports that were asked for, at an address of its own, to the endpoint.

use super::Asked;
use super::denial::{Broken, Rule};
use super::logical;
use super::scene::Scene;
use crate::{Action, Capability, LoadBalancer};

pub(super) fn check(balancer: &LoadBalancer, scene: &Scene<'_>) -> Result<(), Broken> {
    scene.logical_router(&balancer.router)?;
    scene.granted(Capability::Publish)?;
    let Asked::Publish { endpoint, ports, .. } = scene.request.asked else {
        return Ok(());
    };
    let said = format!("{}:{}->{}/{}", balancer.address, balancer.port, balancer.target_port, balancer.protocol);
    if !ports.iter().any(|port| balancer.serves(port)) {
        let asked: Vec<_> = ports.iter().map(ToString::to_string).collect();
        return Err(broken(said, format!("the ports asked for are [{}]", asked.join(", "))));
    }
    let outside = logical::Outside::of(scene.request.network).addresses;
    let mut addresses = logical::ports(&balancer.router, scene).flat_map(|port| &port.addresses);
    if !addresses.any(|net| net.addr() == balancer.address && outside.contains(net)) {
        return Err(broken(balancer.address, "it is none of the router's addresses in the physical network"));
    }
    let is_target = |net: &ipnet::IpNet| net.addr() == balancer.target;
    if !endpoint.addresses.iter().any(is_target) || balancer.target.is_ipv4() != balancer.address.is_ipv4() {
        let right = format!(
            "the endpoint's addresses are [{}], one of the same family is wanted",
            logical::list(&endpoint.addresses)
        );
        return Err(broken(balancer.target, right));
    }
    let same = |other: &LoadBalancer| {
        (other.protocol, other.address, other.port) == (balancer.protocol, balancer.address, balancer.port)
    };
    let twice = |action: &Action| matches!(action, Action::LoadBalancer(other) if same(other));
    match scene.earlier.iter().any(|step| twice(&step.action)) {
        true => Err(broken(said, "an earlier step publishes it already")),
        false => Ok(()),
    }
}

fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::Publish, value, right)
}
