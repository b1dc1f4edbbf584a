//! What a host may be: the facts that a manifest asks for, each there or not.

use std::net::IpAddr;

use ipnet::IpNet;
use plan::{Attribute, Attributes, Value};
use proptest::prelude::*;

use crate::question::follows_swarm;

/// The facts as they are drawn, before it is known which of them this network has.
#[derive(Clone, Debug)]
pub(super) struct Facts(Vec<Attribute>);

/// The facts that a manifest asks for.
pub(super) fn facts(wanted: &[String]) -> impl Strategy<Value = Facts> + use<> {
    let each: Vec<_> = wanted.iter().map(|key| fact(key.clone())).collect();
    each.prop_map(|facts| Facts(facts.into_iter().flatten().collect()))
}

fn fact(key: String) -> BoxedStrategy<Option<Attribute>> {
    let value = match key.as_str() {
        "ovs.datapath" => {
            prop::sample::select(vec!["system", "netdev"]).prop_map(|word| Some(Value::Text(word.to_owned()))).boxed()
        }
        "ovn.external.physnet" => drawn(Value::Text("wan".to_owned())),
        "ovn.external.vlan" => (1..=4094_i64).prop_map(|vlan| Some(Value::Integer(vlan))).boxed(),
        "ovn.external.addresses" => some_of(&["203.0.113.10/24", "2001:db8:e::10/64"], 1),
        "ovn.external.next_hop" => some_of(&["203.0.113.1", "2001:db8:e::1"], 0),
        "ovn.external.chassis" => some_of(&["h1", "h2"], 0),
        "swarm.peers" => some_of(&["192.0.2.2", "fd00:2::2"], 0),
        "swarm.address" => drawn(Value::Address([192, 0, 2, 1].into())),
        "ovn.vrf-subnets" => some_of(&["10.1.0.0/24", "192.168.0.0/16", "fd00:2::/64"], 0),
        // MTUs, as the kernel has them: a loopback has 65536, a link of nothing but its headers less than 68.
        _ => prop::option::weighted(0.9, prop_oneof![Just(1500_i64), 0..=65_536_i64])
            .prop_map(|mtu| mtu.map(Value::Integer))
            .boxed(),
    };
    value.prop_map(move |value| value.map(|value| Attribute::new(&key, value))).boxed()
}

/// A value that is there or not.
fn drawn(value: Value) -> BoxedStrategy<Option<Value>> {
    prop::option::weighted(0.9, Just(value)).boxed()
}

/// Some of these texts, so many at least.
fn some_of(texts: &[&str], least: usize) -> BoxedStrategy<Option<Value>> {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let count = texts.len();
    prop::sample::subsequence(texts, least..=count).prop_map(|texts| Some(Value::Texts(texts))).boxed()
}

impl Facts {
    /// Those that a network with these options is told: there is no uplink's MTU without an uplink, nothing of tunnels
    /// without peers, and of the physical network all that the configuration has or nothing.
    pub(super) fn about(mut self, options: &[Attribute]) -> Vec<Attribute> {
        let has_physnet = self.0.value("ovn.external.physnet").is_some();
        self.0.retain(|fact| match fact.key.as_str() {
            "uplink.mtu" => options.text("uplink").is_some(),
            "tunnel.mtu" => options.value("peers").is_some(),
            key if key.starts_with("swarm.") => follows_swarm(options),
            key => has_physnet || !key.starts_with("ovn.external."),
        });
        self.reach_next_hops();
        self.0
    }

    /// Leaves out who is in no subnet of the router's addresses: the configuration takes none of those.
    fn reach_next_hops(&mut self) {
        let texts = |value: Option<&Value>| match value {
            Some(Value::Texts(texts)) => texts.clone(),
            _ => Vec::new(),
        };
        let addresses = texts(self.0.value("ovn.external.addresses"));
        let subnets: Vec<IpNet> = addresses.iter().filter_map(|text| text.parse().ok()).collect();
        let reached =
            |hop: &String| hop.parse::<IpAddr>().is_ok_and(|hop| subnets.iter().any(|net| net.contains(&hop)));
        for fact in self.0.iter_mut().filter(|fact| fact.key == "ovn.external.next_hop") {
            if let Value::Texts(hops) = &mut fact.value {
                hops.retain(reached);
            }
        }
    }
}
