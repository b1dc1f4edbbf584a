//! What a host may be: the facts that a manifest asks for, each there or not.

use plan::{Attribute, Attributes, Value};
use proptest::prelude::*;

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
        // MTUs, as the kernel has them: a loopback has 65536, a link of nothing but its headers less than 68.
        _ => prop::option::weighted(0.9, prop_oneof![Just(1500_i64), 0..=65_536_i64])
            .prop_map(|mtu| mtu.map(Value::Integer))
            .boxed(),
    };
    value.prop_map(move |value| value.map(|value| Attribute::new(&key, value))).boxed()
}

impl Facts {
    /// Those that a network with these options is told: there is no uplink's MTU without an uplink.
    pub(super) fn about(self, options: &[Attribute]) -> Vec<Attribute> {
        let known = |fact: &Attribute| fact.key != "uplink.mtu" || options.text("uplink").is_some();
        self.0.into_iter().filter(known).collect()
    }
}
