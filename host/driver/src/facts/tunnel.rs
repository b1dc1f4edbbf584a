//! What modes may know of the hosts that a network's tunnels lead to: those that its option `peers` names, and where that
//! says `swarm`, those of Docker's.

use std::net::IpAddr;

use plan::{Attribute, Attributes, HostFacts, Value};

/// The other hosts of the swarm. Live: as they come and go, the plan is asked for again.
const PEERS: &str = "swarm.peers";
/// This host's address in the swarm.
const ADDRESS: &str = "swarm.address";
/// The MTU of the links that lead to the other hosts.
const MTU: &str = "tunnel.mtu";
/// The word for the hosts of the swarm.
const SWARM: &str = "swarm";

/// Whether a fact is about tunnels that the options ask for.
pub(super) fn has(key: &str, options: &[Attribute]) -> bool {
    match key {
        PEERS | ADDRESS => follows_swarm(options),
        MTU => !said(options).is_empty(),
        _ => false,
    }
}

/// Whether a fact counts as it is now for a network that stands.
pub(crate) fn is_followed(key: &str) -> bool {
    key == PEERS
}

/// Whether the hosts of the swarm are a network's peers.
pub(crate) fn follows_swarm(options: &[Attribute]) -> bool {
    said(options).iter().any(|word| word == SWARM)
}

/// The hosts whose links decide how much a frame can hold: those that tunnels lead to, and this one.
pub(crate) fn hosts(options: &[Attribute], host: &HostFacts) -> Vec<IpAddr> {
    let of_swarm = host.swarm.iter().copied().chain(host.swarm_address).filter(|_| follows_swarm(options));
    said(options)
        .iter()
        .filter_map(|word| word.parse().ok().map(|host: IpAddr| host.to_canonical()))
        .chain(of_swarm)
        .collect()
}

/// A fact, if there is one.
pub(super) fn fact(key: &str, options: &[Attribute], host: &HostFacts) -> Option<Value> {
    if !has(key, options) {
        return None;
    }
    match key {
        PEERS => Some(Value::Texts(host.swarm.iter().map(ToString::to_string).collect())),
        ADDRESS => host.swarm_address.map(Value::Address),
        _ => host.tunnel_mtu.map(|mtu| Value::Integer(i64::from(mtu))),
    }
}

fn said(options: &[Attribute]) -> &[String] {
    match options.value("peers") {
        Some(Value::Texts(words)) => words,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peers(words: &[&str]) -> Vec<Attribute> {
        vec![Attribute::new("peers", Value::Texts(words.iter().map(|word| (*word).to_owned()).collect()))]
    }

    #[test]
    fn the_swarm_is_for_networks_that_ask_for_it() {
        let [one, two, own] = ["192.0.2.2", "192.0.2.3", "192.0.2.1"].map(|address| address.parse().unwrap());
        let host =
            HostFacts { swarm: vec![two], swarm_address: Some(own), tunnel_mtu: Some(9000), ..HostFacts::default() };
        let (named, swarm) = (peers(&["192.0.2.2"]), peers(&["swarm", "192.0.2.2"]));
        assert_eq!(hosts(&named, &host), [one]);
        assert_eq!(hosts(&swarm, &host), [one, two, own]);
        assert_eq!(fact(PEERS, &named, &host), None);
        assert_eq!(fact(PEERS, &swarm, &host), Some(Value::Texts(vec!["192.0.2.3".to_owned()])));
        assert_eq!(fact(ADDRESS, &swarm, &host), Some(Value::Address(own)));
        assert_eq!(fact(MTU, &named, &host), Some(Value::Integer(9000)));
        assert_eq!(fact(MTU, &[], &host), None, "a network without tunnels");
    }
}
