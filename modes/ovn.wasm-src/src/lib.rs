//! Mode ovn: networks that span hosts, routed in VRFs, on OVN.
//!
//! The network is a logical switch, the same on every host that creates the same subnets in the same VRF. The networks of
//! a VRF meet at its logical router, which has the gateways' addresses; VRFs never meet. The router's way out is the host
//! that a container is on (`egress=host`) or a physical network (`external`); else there is none.

mod acl;
mod endpoint;
mod join;
mod network;
mod outside;
mod publish;
mod vrf;
mod way_out;

use guest_modes::{Endpoint, Mode, Network, Plan, PublishedPort, Refusal};

/// The mode.
pub struct Ovn;

impl Mode for Ovn {
    fn plan_network(network: &Network) -> Result<Plan, Refusal> {
        network::plan(network)
    }

    fn plan_endpoint(network: &Network, endpoint: &Endpoint) -> Result<Plan, Refusal> {
        endpoint::plan(network, endpoint)
    }

    fn plan_publish(network: &Network, endpoint: &Endpoint, ports: &[PublishedPort]) -> Result<Plan, Refusal> {
        publish::plan(network, endpoint, ports)
    }
}

guest_modes::export!(Ovn);
