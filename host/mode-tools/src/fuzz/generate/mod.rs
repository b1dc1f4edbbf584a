//! Inputs made up from the contract and from what a manifest says: everything a driver could ask, the unlikely included.
//!
//! What Docker and the driver see to before a mode is asked holds here too: pools do not overlap, IPv4 comes first, an
//! endpoint has at most one address of a family and nobody else has it, no host port is asked for twice. Whatever is not
//! promised is tried. Everything is made so that less of it is simpler: that is the way a failure is shrunk.

mod endpoint;
mod facts;
mod options;
mod pools;
mod ports;

use plan::{Endpoint, Network, NetworkId, PublishedPort};
use policy::{Manifest, Scope};
use proptest::prelude::*;

use crate::question::settled;

/// What a run asks about: a network, an endpoint on it, and the ports that endpoint publishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// The network.
    pub(crate) network: Network,
    /// A place in it.
    pub(crate) endpoint: Endpoint,
    /// What is published there; none: that is not asked.
    pub(crate) ports: Vec<PublishedPort>,
}

/// Inputs for a mode.
pub(crate) fn inputs(manifest: &Manifest) -> BoxedStrategy<Input> {
    let network = (
        pools::pools(),
        prop::bool::weighted(0.15),
        options::texts(manifest, Scope::Network),
        facts::facts(&manifest.facts),
    );
    let endpoint = (endpoint::station(), options::texts(manifest, Scope::Endpoint));
    let manifest = manifest.clone();
    let input = (network, endpoint, ports::ports());
    let made = input.prop_filter_map("not all of it is what the manifest takes", move |(network, endpoint, ports)| {
        let (subnets, internal, given, facts) = network;
        let options = given.typed(&manifest, Scope::Network, &subnets)?;
        let network = Network { id: id(), internal, facts: facts.about(&options), subnets, options };
        let (station, given) = endpoint;
        let options = given.typed(&manifest, Scope::Endpoint, &network.subnets)?;
        let endpoint = station.on(&network, options);
        let ports = settled(ports, &network).ok()?;
        Some(Input { network, endpoint, ports })
    });
    made.boxed()
}

fn id() -> NetworkId {
    NetworkId::new("fuzz-network").expect("letters and '-' are a network id")
}
