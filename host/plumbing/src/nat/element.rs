//! What rules are in the tables: elements of sets and maps.

use plan::Protocol;

use super::owner;
use super::rule::{Effect, Rule};

/// One element.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Element {
    /// The table's family.
    pub(super) family: &'static str,
    /// The set or map it is in.
    pub(super) set: String,
    /// Its key, a part an item, as `nft` writes it, but protocols by number.
    pub(super) key: Vec<String>,
    /// What a map has for the key; empty in a set.
    pub(super) value: Vec<String>,
    /// Whose it is.
    pub(super) comment: Option<String>,
}

impl Element {
    /// A link that a set has for the host's sake: it is nobody's rule.
    pub(super) fn link(set: &str, name: String) -> Self {
        Self { family: "inet", set: set.to_owned(), key: vec![name], value: Vec::new(), comment: None }
    }

    /// The statement that adds it.
    pub(super) fn add(&self, table: &str) -> String {
        let Self { family, set, key, value, comment } = self;
        let comment = comment.as_ref().map(|comment| format!(" comment \"{comment}\"")).unwrap_or_default();
        let value = if value.is_empty() { String::new() } else { format!(" : {}", value.join(" . ")) };
        format!("add element {family} {table} {set} {{ {}{comment}{value} }}", written(set, key))
    }

    /// The statement that deletes it, whatever a map has for its key.
    pub(super) fn delete(&self, table: &str) -> String {
        let Self { family, set, key, .. } = self;
        format!("delete element {family} {table} {set} {{ {} }}", written(set, key))
    }

    /// The interface's name in it that `nft` has no way to write, if there is one.
    pub(super) fn unspeakable(&self) -> Option<&str> {
        let mut parts = self.key.iter().take(self.names());
        parts.find(|part| part.contains(['"', '*', '\\'])).map(String::as_str)
    }

    /// How many parts at the head of its key are interfaces' names.
    pub(super) fn names(&self) -> usize {
        names(&self.set)
    }

    /// Whether both are the same key of the same set.
    pub(super) fn same_key(&self, other: &Self) -> bool {
        (self.family, &self.set, &self.key) == (other.family, &other.set, &other.key)
    }
}

fn written(set: &str, key: &[String]) -> String {
    let names = names(set);
    let part = |(index, part)| if index < names { format!("\"{part}\"") } else { String::clone(part) };
    key.iter().enumerate().map(part).collect::<Vec<_>>().join(" . ")
}

/// How many parts at the head of a set's keys are interfaces' names. Those are quoted, since a name can look like a
/// number or an address.
fn names(set: &str) -> usize {
    match set {
        "loops" | "hairpins" => 2,
        _ if set.starts_with("published") => 0,
        _ => 1,
    }
}

/// The elements that make a rule. None for a port published on a loopback address, or on one of the other protocol
/// family: a relay's work.
pub(super) fn elements(rule: &Rule) -> Vec<Element> {
    let comment = owner::write(&rule.mark);
    let element = |family, set: &str, key: Vec<String>, value| Element {
        family,
        set: set.to_owned(),
        key,
        value,
        comment: comment.clone(),
    };
    match &rule.effect {
        Effect::Guard { uplink } => {
            ["inet", "arp"].map(|family| element(family, "uplinks", vec![uplink.to_string()], Vec::new())).to_vec()
        }
        Effect::Forward { port, hairpin, .. } => {
            let pair = vec![port.to_string(); 2];
            let mut sets = vec![("gateways", vec![port.to_string()]), ("loops", pair.clone())];
            sets.extend(hairpin.then_some(("hairpins", pair)));
            sets.into_iter().map(|(set, key)| element("inet", set, key, Vec::new())).collect()
        }
        Effect::Masquerade { port, sources } => {
            let source = |net: &ipnet::IpNet| {
                let set = if net.addr().is_ipv4() { "masquerade4" } else { "masquerade6" };
                element("inet", set, vec![port.to_string(), network(*net)], Vec::new())
            };
            sources.iter().map(source).collect()
        }
        Effect::Publish { .. } => {
            publication(&rule.effect).into_iter().map(|(set, key, value)| element("inet", &set, key, value)).collect()
        }
    }
}

/// Sets, keys and values of a published port.
fn publication(effect: &Effect) -> Vec<(String, Vec<String>, Vec<String>)> {
    let Effect::Publish { port, protocol, host_address, host_port, target, target_port, translate } = effect else {
        return Vec::new();
    };
    let family = if target.is_ipv4() { 4 } else { 6 };
    if !translate {
        let open = vec![port.to_string(), target.to_string(), number(*protocol), target_port.to_string()];
        let pinged = open[..2].to_vec();
        return vec![(format!("opened{family}"), open, Vec::new()), (format!("pinged{family}"), pinged, Vec::new())];
    }
    let value = vec![target.to_string(), target_port.to_string()];
    let mut key = vec![number(*protocol), host_port.to_string()];
    match host_address {
        // Loopback, and the other family whatever the address: the driver's relay serves them.
        Some(address) if address.is_loopback() || address.is_ipv4() != target.is_ipv4() => Vec::new(),
        Some(address) if !address.is_unspecified() => {
            key.insert(0, address.to_string());
            vec![(format!("published{family}_at"), key, value)]
        }
        Some(_) | None => vec![(format!("published{family}"), key, value)],
    }
}

/// By number: names would need `/etc/protocols`, which a small installation does not have.
fn number(protocol: Protocol) -> String {
    super::protocol_number(protocol).to_string()
}

/// As `nft` writes it: one address without a prefix length.
fn network(net: ipnet::IpNet) -> String {
    if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.trunc().to_string() }
}
