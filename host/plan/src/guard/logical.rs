//! What the checks of logical networks have in common: which VRF a plan is in, whose a switch is, and what the
//! configuration says of the physical network (the facts `ovn.external.*`, which the host gathered and the mode was told).

use std::net::IpAddr;

use ipnet::IpNet;

use super::denial::{Broken, Rule};
use super::scene::Scene;
use crate::{Action, Attributes, Capability, Label, LogicalSwitch, Network, RouterPort, Value};

/// Whose a logical switch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// The network's: its subnets are pools of it.
    Own,
    /// A user's, who named it.
    Users,
    /// The VRF's: between its router and its hosts.
    Join,
    /// The VRF's: its part of the physical network.
    Outside,
}

/// Checks that a VRF is granted, asked for, and the only one of the plan.
pub(super) fn vrf(vrf: &str, scene: &Scene<'_>) -> Result<(), Broken> {
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !(1..=64).contains(&vrf.len()) || !vrf.bytes().all(letters) {
        let right = "a VRF is 1 to 64 letters, digits, '-', '_' and '.'";
        return Err(broken(format_args!("\"{vrf}\""), right).blame_option(vrf, scene.request));
    }
    scene.granted_for(Capability::Ovn, vrf, |granted| granted == vrf)?;
    scene.named(Capability::Ovn, vrf)?;
    let other = scene.steps().find_map(|step| match &step.action {
        Action::LogicalSwitch(LogicalSwitch { vrf: other, name: None, .. }) if other != vrf => Some(other),
        Action::LogicalRouter(router) if router.vrf != vrf => Some(&router.vrf),
        _ => None,
    });
    match other {
        Some(other) => {
            Err(broken(format_args!("VRF {vrf}"), format!("an earlier step says {other}: a plan is in one")))
        }
        None => Ok(()),
    }
}

/// Whose a switch is, by what it says of itself.
pub(super) fn whose(switch: &LogicalSwitch, network: &Network) -> Result<Whose, Broken> {
    if switch.name.is_some() {
        return Ok(Whose::Users);
    }
    let all = |is: &dyn Fn(&IpNet) -> bool| !switch.subnets.is_empty() && switch.subnets.iter().all(is);
    let outside = Outside::of(network);
    if all(&|subnet| pools(network).any(|pool| pool == *subnet)) {
        Ok(Whose::Own)
    } else if all(&|subnet| outside.addresses.iter().any(|address| address.trunc() == *subnet)) {
        Ok(Whose::Outside)
    } else if all(&|subnet| is_join(subnet, network)) {
        Ok(Whose::Join)
    } else {
        let own: Vec<_> = pools(network).map(|pool| pool.to_string()).collect();
        let right = format!(
            "they are the network's pools [{}], the configuration's for the physical network, or joins of two stations \
             (/30 in 100.64.0.0/10, /126 in fc00::/7) that no pool holds",
            own.join(", ")
        );
        Err(broken(format_args!("[{}]", list(&switch.subnets)), right))
    }
}

/// Whether a subnet may lie between a VRF's router and its hosts: room for these two, and of those that nobody is given
/// addresses of.
fn is_join(subnet: &IpNet, network: &Network) -> bool {
    const HOST_BITS: u8 = 2;
    let set_aside = match subnet.network() {
        IpAddr::V4(address) => matches!(address.octets(), [100, 64..=127, ..]),
        IpAddr::V6(address) => address.segments()[0] & 0xfe00 == 0xfc00,
    };
    let overlaps = |pool: IpNet| pool.contains(subnet) || subnet.contains(&pool);
    *subnet == subnet.trunc()
        && set_aside
        && subnet.max_prefix_len() - subnet.prefix_len() == HOST_BITS
        && !pools(network).any(overlaps)
}

/// The network's pools; one of everything is none.
pub(super) fn pools(network: &Network) -> impl Iterator<Item = IpNet> {
    network.subnets.iter().map(|subnet| subnet.pool.trunc()).filter(|pool| pool.prefix_len() > 0)
}

/// Whether a range lies in one of the network's pools.
pub(super) fn in_pools(net: &IpNet, network: &Network) -> bool {
    pools(network).any(|pool| pool.contains(net))
}

/// The switch of a label, and whose it is.
pub(super) fn switch<'a>(label: &Label, scene: &Scene<'a>) -> Result<(&'a LogicalSwitch, Whose), Broken> {
    match &scene.logical_switch(label)?.action {
        Action::LogicalSwitch(switch) => Ok((switch, whose(switch, scene.request.network)?)),
        other => Err(broken(other.kind(), "a logical-switch is wanted")),
    }
}

/// The ports that a router has so far.
pub(super) fn ports<'a>(router: &'a Label, scene: &Scene<'a>) -> impl Iterator<Item = &'a RouterPort> {
    scene.steps().filter_map(move |step| match &step.action {
        Action::RouterPort(port) if port.router == *router => Some(port),
        _ => None,
    })
}

/// The physical network that the operator lets the network's VRF into: section `[ovn.external.NAME]` of the configuration.
pub(super) struct Outside<'a> {
    /// Its name in the hosts' bridge mappings.
    pub(super) physnet: Option<&'a str>,
    /// Its VLAN.
    pub(super) vlan: Option<i64>,
    /// The router's addresses there.
    pub(super) addresses: Vec<IpNet>,
    /// The hosts that the router may be at.
    pub(super) chassis: &'a [String],
}

impl<'a> Outside<'a> {
    pub(super) fn of(network: &'a Network) -> Self {
        let facts = network.facts.as_slice();
        let texts = |key: &str| match facts.value(key) {
            Some(Value::Texts(texts)) => texts.as_slice(),
            _ => &[],
        };
        Self {
            physnet: facts.text("ovn.external.physnet"),
            vlan: match facts.value("ovn.external.vlan") {
                Some(Value::Integer(vlan)) => Some(*vlan),
                _ => None,
            },
            addresses: texts("ovn.external.addresses").iter().filter_map(|text| text.parse().ok()).collect(),
            chassis: texts("ovn.external.chassis"),
        }
    }
}

pub(super) fn list(nets: &[IpNet]) -> String {
    nets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

pub(super) fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::Logical, value, right)
}
