//! Source translation by a logical router: of the network's own pools, to an address that the configuration gave it.

use super::denial::{Broken, Rule};
use super::logical::{self, Outside};
use super::scene::Scene;
use crate::{Action, Capability, LogicalNat};

pub(super) fn check(nat: &LogicalNat, scene: &Scene<'_>) -> Result<(), Broken> {
    scene.logical_router(&nat.router)?;
    scene.granted(Capability::Nat)?;
    let network = scene.request.network;
    let external = |address: &ipnet::IpNet| address.addr() == nat.external;
    let has = logical::ports(&nat.router, scene).any(|port| port.addresses.iter().any(external));
    if !has || !Outside::of(network).addresses.iter().any(external) {
        return Err(broken(nat.external, "it is none of the router's addresses in the physical network"));
    }
    if nat.sources.is_empty() {
        return Err(broken("no sources", "name the network's pools"));
    }
    for (index, source) in nat.sources.iter().enumerate() {
        if !logical::in_pools(source, network) {
            let pools: Vec<_> = logical::pools(network).map(|pool| pool.to_string()).collect();
            return Err(broken(source, format!("the network's pools are [{}]", pools.join(", "))));
        }
        if source.addr().is_ipv4() != nat.external.is_ipv4() {
            return Err(broken(source, format!("it is of another family than {}", nat.external)));
        }
        let earlier = scene.earlier.iter().flat_map(|step| sources(&step.action));
        if earlier.chain(&nat.sources[..index]).any(|other| other == source) {
            return Err(broken(source, "it is translated already"));
        }
    }
    Ok(())
}

fn sources(action: &Action) -> &[ipnet::IpNet] {
    match action {
        Action::LogicalNat(nat) => &nat.sources,
        _ => &[],
    }
}

fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::Nat, value, right)
}
