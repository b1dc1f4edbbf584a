//! Mode nat: a private network behind the host's address.
//!
//! The network is a bridge on which the host has the gateways' addresses. Containers reach the world through the host,
//! which hides them behind its own address (`masquerade`), and are reached from it on the ports they publish.
//! `gateway_mode=routed` does neither: it is for pools that the world has a route to. An internal network is a bridge
//! and nothing else.

mod network;
mod publish;

use guest_modes::{Endpoint, EndpointPort, Mode, Network, Plan, PublishedPort, Refusal, common, port};

/// The mode.
pub struct Nat;

impl Mode for Nat {
    fn plan_network(network: &Network) -> Result<Plan, Refusal> {
        network::plan(network)
    }

    fn plan_endpoint(network: &Network, endpoint: &Endpoint) -> Result<Plan, Refusal> {
        let port = EndpointPort::on(&common::bridge_label(), endpoint).mtu(network::mtu(network)?);
        port::plan_on_bridge(port, network, endpoint)
    }

    fn plan_publish(network: &Network, endpoint: &Endpoint, ports: &[PublishedPort]) -> Result<Plan, Refusal> {
        publish::plan(network, endpoint, ports)
    }
}

guest_modes::export!(Nat);
