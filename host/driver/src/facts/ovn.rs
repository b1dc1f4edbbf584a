//! What modes may know about OVN: of this host its tunnels, of the configuration the physical networks, of the northbound
//! database the subnets of a VRF.

use std::collections::BTreeMap;

use plan::{Attribute, Attributes, HostFacts, Value};

use crate::config::PhysicalNetwork;

/// What the facts about a physical network begin with; then its keys in the configuration follow.
const EXTERNAL: &str = "ovn.external.";
/// The subnets of the network's VRF.
const SUBNETS: &str = "ovn.vrf-subnets";

/// Whether a fact is about OVN.
pub(super) fn has(key: &str) -> bool {
    key == "ovn.mtu" || key == SUBNETS || key.starts_with(EXTERNAL)
}

/// Whether a container has to be told what is so when it comes: one whose default route is not the VRF's router needs
/// routes to the VRF's subnets of that moment.
pub(super) fn is_live(key: &str, options: &[Attribute]) -> bool {
    key == SUBNETS && matches!(options.text("egress"), Some("docker" | "none"))
}

/// A fact, if there is one: those of a physical network are for networks that leave by it.
pub(super) fn fact(
    key: &str,
    options: &[Attribute],
    host: &HostFacts,
    physical: &BTreeMap<String, PhysicalNetwork>,
) -> Option<Value> {
    match key {
        "ovn.mtu" => host.ovn_mtu.map(|mtu| Value::Integer(i64::from(mtu))),
        SUBNETS => Some(texts(host.vrfs.get(options.text("vrf")?)?)),
        _ => of_physical(key.strip_prefix(EXTERNAL)?, asked(options, physical)?),
    }
}

/// The physical network that the options name, or the only one.
fn asked<'a>(options: &[Attribute], physical: &'a BTreeMap<String, PhysicalNetwork>) -> Option<&'a PhysicalNetwork> {
    if options.text("egress") != Some("external") {
        return None;
    }
    match options.text("ovn.external") {
        Some(name) => physical.get(name),
        None => physical.values().next().filter(|_| physical.len() == 1),
    }
}

fn of_physical(key: &str, network: &PhysicalNetwork) -> Option<Value> {
    match key {
        "physnet" => Some(Value::Text(network.physnet.clone())),
        "vlan" => network.vlan.map(|vlan| Value::Integer(i64::from(vlan.get()))),
        "addresses" => Some(texts(&network.addresses)),
        "next_hop" => Some(texts(&network.next_hop)),
        "chassis" => Some(texts(&network.chassis)),
        _ => None,
    }
}

fn texts<T: ToString>(all: &[T]) -> Value {
    Value::Texts(all.iter().map(ToString::to_string).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(options: &[(&str, &str)]) -> Vec<Attribute> {
        options.iter().map(|(key, text)| Attribute::new(*key, Value::Text((*text).to_owned()))).collect()
    }

    fn physical(names: &[&str]) -> BTreeMap<String, PhysicalNetwork> {
        let network = |name: &&str| PhysicalNetwork {
            physnet: format!("phys-{name}"),
            vlan: None,
            addresses: vec!["203.0.113.10/24".parse().unwrap()],
            next_hop: vec!["203.0.113.1".parse().unwrap()],
            chassis: vec!["h1".to_owned()],
        };
        names.iter().map(|name| ((*name).to_owned(), network(name))).collect()
    }

    #[test]
    fn a_network_knows_the_physical_network_that_it_leaves_by() {
        let told = |asked: &[(&str, &str)], names: &[&str]| {
            let value = fact("ovn.external.physnet", &options(asked), &HostFacts::default(), &physical(names));
            value.map(|value| value.to_string())
        };
        let external = ("egress", "external");
        assert_eq!(told(&[external], &["wan"]).as_deref(), Some("phys-wan"), "the only one");
        assert_eq!(told(&[external], &["lan", "wan"]), None, "which?");
        assert_eq!(told(&[external, ("ovn.external", "lan")], &["lan", "wan"]).as_deref(), Some("phys-lan"));
        assert_eq!(told(&[external, ("ovn.external", "lab")], &["lan", "wan"]), None);
        assert_eq!(told(&[("egress", "host")], &["wan"]), None, "it is not for all to know");
    }

    #[test]
    fn the_subnets_are_those_of_the_networks_vrf_and_live_where_containers_need_routes() {
        let subnets = vec!["10.1.0.0/24".parse().unwrap()];
        let host = HostFacts { vrfs: BTreeMap::from([("red".to_owned(), subnets)]), ..HostFacts::default() };
        let of = |vrf| fact(SUBNETS, &options(&[("vrf", vrf)]), &host, &BTreeMap::new());
        assert_eq!(of("red"), Some(Value::Texts(vec!["10.1.0.0/24".to_owned()])));
        assert_eq!(of("blue"), None);
        assert!(is_live(SUBNETS, &options(&[("egress", "docker")])) && !is_live(SUBNETS, &[]));
        assert!(!is_live("ovn.mtu", &options(&[("egress", "none")])));
    }
}
