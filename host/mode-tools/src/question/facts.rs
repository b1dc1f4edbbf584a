//! What a mode is told about a host that is not there.

use plan::{Attribute, Attributes, Value};
use policy::Manifest;

/// What most hosts would say, of what a manifest wants to know; `options` are the network's.
#[must_use]
pub fn assumed(manifest: &Manifest, options: &[Attribute]) -> Vec<Attribute> {
    let fact = |key: &String| Some(Attribute::new(key, usual(key, options)?));
    manifest.facts.iter().filter_map(fact).collect()
}

/// What somebody says of a host, in the manifest's order: a mode is told what it asks for, and no more. A fact that is an
/// address may be said as text.
///
/// # Errors
///
/// The first key that the manifest does not ask for.
pub fn told(manifest: &Manifest, said: Vec<Attribute>) -> Result<Vec<Attribute>, String> {
    let place = |key: &str| manifest.facts.iter().position(|wanted| wanted == key);
    if let Some(unwanted) = said.iter().find(|fact| place(&fact.key).is_none()) {
        return Err(unwanted.key.clone());
    }
    let mut told: Vec<Attribute> = said.into_iter().map(typed).collect();
    told.sort_by_key(|fact| place(&fact.key));
    Ok(told)
}

/// What is no address stays text, which the mode minds.
fn typed(said: Attribute) -> Attribute {
    let address = match &said.value {
        Value::Text(text) if said.key == "swarm.address" => text.parse().ok(),
        _ => None,
    };
    Attribute { value: address.map_or(said.value, Value::Address), ..said }
}

fn usual(key: &str, options: &[Attribute]) -> Option<Value> {
    match key {
        "uplink.mtu" => options.text("uplink").map(|_| Value::Integer(1500)),
        "tunnel.mtu" => options.value("peers").map(|_| Value::Integer(1500)),
        "swarm.address" => follows_swarm(options).then(|| Value::Address([192, 0, 2, 1].into())),
        "swarm.peers" => {
            follows_swarm(options).then(|| Value::Texts(vec!["192.0.2.2".to_owned(), "192.0.2.3".to_owned()]))
        }
        "host.mtu" => Some(Value::Integer(1500)),
        "ovs.datapath" => Some(Value::Text("system".to_owned())),
        "ovn.mtu" => Some(Value::Integer(1442)),
        _ if options.text("egress") == Some("external") => physical(key),
        _ => None,
    }
}

/// Whether a network's peers are the hosts of the swarm.
pub(crate) fn follows_swarm(options: &[Attribute]) -> bool {
    matches!(options.value("peers"), Some(Value::Texts(words)) if words.iter().any(|word| word == "swarm"))
}

/// A physical network, of addresses for examples (RFC 5737).
fn physical(key: &str) -> Option<Value> {
    match key {
        "ovn.external.physnet" => Some(Value::Text("external".to_owned())),
        "ovn.external.addresses" => Some(Value::Texts(vec!["203.0.113.10/24".to_owned()])),
        "ovn.external.next_hop" => Some(Value::Texts(vec!["203.0.113.1".to_owned()])),
        "ovn.external.chassis" => Some(Value::Texts(vec!["host1".to_owned()])),
        _ => None,
    }
}
