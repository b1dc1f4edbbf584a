//! Mode lab: a switch of its own for each network.
//!
//! Containers reach each other and nobody else. With `gateway=host` this host is in the network, too, at the gateway's
//! address, and the containers' default route leads to it. `isolated` keeps containers from each other, but for those
//! that say `isolated=false` themselves: a server that every client reaches, and no client another.

mod endpoint;
mod network;
#[cfg(test)]
mod tests;

use guest_modes::{Endpoint, Mode, Network, Plan, PublishedPort, Refusal};

/// The mode.
pub struct Switch;

impl Mode for Switch {
    fn plan_network(network: &Network) -> Result<Plan, Refusal> {
        network::plan(network)
    }

    fn plan_endpoint(network: &Network, endpoint: &Endpoint) -> Result<Plan, Refusal> {
        endpoint::plan(network, endpoint)
    }

    fn plan_publish(_: &Network, _: &Endpoint, _: &[PublishedPort]) -> Result<Plan, Refusal> {
        let message =
            "mode lab publishes no ports: leave out -p, or connect the container to a network of mode nat, too";
        Err(Refusal::unsupported("publish", message))
    }
}

guest_modes::export!(Switch);
