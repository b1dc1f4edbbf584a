//! The whole answer of a mode: steps in order, and what Docker is told.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::{Action, Attributes, Value};

/// Names what a step makes. A network's labels are in scope in its endpoints' plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label(String);

impl Label {
    /// A label of this plan or of the network's.
    ///
    /// # Panics
    ///
    /// Where it is not 1 to 32 letters, digits and `-`.
    #[track_caller]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let valid =
            (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        assert!(valid, "\"{text}\" is not a label: 1 to 32 letters, digits and '-'");
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Names what it makes, unique in its plan.
    pub label: Label,
    /// What is to exist.
    pub action: Action,
    /// For people who ask what the mode did to their host.
    pub why: String,
    /// The key of what several networks of the host have in common; none: it is this network's alone.
    pub shared: Option<String>,
}

/// What a mode answers.
///
/// ```
/// use guest_modes::{Bridge, HostPort, Plan};
/// let mut plan = Plan::new();
/// let bridge = plan.add("bridge", Bridge::own(), "the network's own switch");
/// plan.add("host", HostPort::on(&bridge, ["10.1.0.1/24".parse()?]), "the containers' gateway");
/// assert_eq!(plan.steps.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What to do, in order.
    pub steps: Vec<Step>,
    /// What Docker is told; only an endpoint's plan has any. The methods know the keys.
    pub reply: Attributes,
}

impl Plan {
    /// A plan that does nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a step and returns its label, for the steps that build on it.
    ///
    /// # Panics
    ///
    /// Where the label is not one, or is used already: the host would refuse the plan, and say less.
    #[track_caller]
    pub fn add(&mut self, label: impl Into<String>, action: impl Into<Action>, why: impl Into<String>) -> Label {
        self.add_step(Label::new(label), action.into(), why.into(), None)
    }

    /// Adds a step that other networks of the host add, too, with the same key, label and action: what it says is made for
    /// the first of them, used by the others, and goes with the last. Keys are the mode's own.
    ///
    /// # Panics
    ///
    /// Where the label is not one, or is used already.
    #[track_caller]
    pub fn add_shared(
        &mut self,
        key: impl Into<String>,
        label: impl Into<String>,
        action: impl Into<Action>,
        why: impl Into<String>,
    ) -> Label {
        self.add_step(Label::new(label), action.into(), why.into(), Some(key.into()))
    }

    #[track_caller]
    fn add_step(&mut self, label: Label, action: Action, why: String, shared: Option<String>) -> Label {
        assert!(self.steps.iter().all(|step| step.label != label), "the label \"{label}\" is used twice");
        self.steps.push(Step { label: label.clone(), action, why, shared });
        label
    }

    /// Makes an address the container's default route, for its family.
    pub fn gateway(&mut self, address: IpAddr) {
        self.reply.set(if address.is_ipv4() { "gateway" } else { "gateway6" }, address);
    }

    /// Adds a route in the container.
    pub fn route(&mut self, destination: IpNet, next_hop: IpAddr) {
        let mut routes = self.reply.get::<&[String]>("routes").unwrap_or_default().to_vec();
        routes.push(format!("{destination}={next_hop}"));
        self.reply.set("routes", Value::Texts(routes));
    }

    /// Makes Docker's own bridge the way out of a container, if no network of it has a gateway.
    pub fn docker_gateway(&mut self) {
        self.reply.set("docker-gateway", true);
    }

    /// Names the interface in the container.
    pub fn interface_name(&mut self, name: &str) {
        self.reply.set("interface-name", name);
    }

    /// Sets what the name of the interface in the container starts with; Docker adds a number.
    pub fn interface_prefix(&mut self, prefix: &str) {
        self.reply.set("interface-prefix", prefix);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Bridge;

    #[test]
    #[should_panic(expected = "the label \"bridge\" is used twice")]
    fn a_label_is_used_once() {
        let mut plan = Plan::new();
        plan.add("bridge", Bridge::own(), "one");
        plan.add("bridge", Bridge::own(), "another");
    }

    #[test]
    #[should_panic(expected = "\"../x\" is not a label")]
    fn a_label_is_a_word() {
        Label::new("../x");
    }

    #[test]
    fn the_reply_has_the_contracts_keys() {
        let mut plan = Plan::new();
        plan.gateway("10.1.0.1".parse().unwrap());
        plan.gateway("fd00::1".parse().unwrap());
        plan.route("10.2.0.0/16".parse().unwrap(), "10.1.0.254".parse().unwrap());
        plan.route("fd01::/64".parse().unwrap(), "fd00::2".parse().unwrap());
        plan.interface_name("lan0");
        plan.interface_prefix("eth");
        plan.docker_gateway();
        let keys: Vec<&str> = plan.reply.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["gateway", "gateway6", "routes", "interface-name", "interface-prefix", "docker-gateway"]);
        assert_eq!(plan.reply.expect::<&[String]>("routes"), ["10.2.0.0/16=10.1.0.254", "fd01::/64=fd00::2"]);
    }
}
