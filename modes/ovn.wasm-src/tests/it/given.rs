//! What the host would describe, and what of a plan is looked at.

use guest_modes::{Action, Network, Plan, Value, testing};

pub(crate) use guest_modes::testing::endpoint;

pub(crate) const IPV4: (&str, &str) = ("10.1.0.0/24", "10.1.0.1");
pub(crate) const IPV6: (&str, &str) = ("fd00:1::/64", "fd00:1::1");

pub(crate) fn network(subnets: &[(&str, &str)]) -> Network {
    testing::network(include_str!("../../mode.toml"), subnets)
}

/// A network whose way out is a physical network of the configuration.
pub(crate) fn external(subnets: &[(&str, &str)]) -> Network {
    let mut network = network(subnets);
    network.options.set("egress", "external");
    let texts = |texts: &[&str]| Value::Texts(texts.iter().map(|text| (*text).to_owned()).collect());
    network.facts.set("ovn.external.physnet", "wan");
    network.facts.set("ovn.external.addresses", texts(&["203.0.113.10/24", "2001:db8:e::10/64"]));
    network.facts.set("ovn.external.next_hop", texts(&["203.0.113.1", "2001:db8:e::1"]));
    network.facts.set("ovn.external.chassis", texts(&["h1", "h2"]));
    network
}

pub(crate) fn labels(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.label.as_str()).collect()
}

pub(crate) fn action<'a>(plan: &'a Plan, label: &str) -> &'a Action {
    &plan.steps.iter().find(|step| step.label.as_str() == label).expect("the plan has the step").action
}
