//! Masquerading: of the network's own subnets only.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::denial::{Broken, Rule};
use super::scene::Scene;
use crate::{Action, Capability, Masquerade};

pub(super) fn check(masquerade: &Masquerade, scene: &Scene<'_>) -> Result<(), Broken> {
    scene.host_port(&masquerade.port)?;
    scene.granted(Capability::Nat)?;
    if masquerade.sources.is_empty() {
        return Err(broken("no sources", "name the network's pools"));
    }
    let mut seen: BTreeSet<&IpNet> = scene.earlier.iter().flat_map(|step| sources(&step.action)).collect();
    for source in &masquerade.sources {
        let pools = scene.request.network.subnets.iter().map(|subnet| subnet.pool);
        if !pools.clone().any(|pool| pool.prefix_len() > 0 && pool.contains(source)) {
            let pools: Vec<_> = pools.map(|pool| pool.to_string()).collect();
            return Err(broken(source, format!("the network's pools are [{}]", pools.join(", "))));
        }
        if !seen.insert(source) {
            return Err(broken(source, "it is masqueraded already"));
        }
    }
    Ok(())
}

fn sources(action: &Action) -> &[IpNet] {
    match action {
        Action::Masquerade(masquerade) => &masquerade.sources,
        _ => &[],
    }
}

fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::Nat, value, right)
}
