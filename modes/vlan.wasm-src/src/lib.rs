//! Mode vlan: one VLAN of the wire for each network.
//!
//! All networks of an uplink share one bridge, which has that uplink as a trunk of everything: what keeps them apart is the
//! VLAN of each port. A container is in its network's VLAN, or in one of its own, or it gets a list of VLANs tagged. The
//! bridge and the uplink are made for the first network and go with the last; a bridge that the user names is used
//! instead.
//!
//! Otherwise a network is what one of mode flat is: nothing is routed or translated, the gateway is a router on the wire,
//! and an internal network has no default route.

mod network;
mod vlans;

use guest_modes::{Endpoint, EndpointPort, Mode, Network, Plan, PublishedPort, Refusal, common, port, segment};

use crate::vlans::Vlans;

/// The mode.
pub struct Vlan;

impl Mode for Vlan {
    fn plan_network(network: &Network) -> Result<Plan, Refusal> {
        network::plan(network)
    }

    fn plan_endpoint(network: &Network, endpoint: &Endpoint) -> Result<Plan, Refusal> {
        segment::keep_host_address(network, endpoint)?;
        let Vlans { untagged, tagged } = Vlans::of_endpoint(network, endpoint)?;
        let port = EndpointPort::on(&common::bridge_label(), endpoint)
            .vlan(untagged)
            .trunks(tagged)
            .mtu(segment::mtu(network)?);
        port::plan_on_bridge(port, network, endpoint)
    }

    fn plan_publish(network: &Network, _: &Endpoint, ports: &[PublishedPort]) -> Result<Plan, Refusal> {
        segment::publish("vlan", network, ports)
    }
}

guest_modes::export!(Vlan);
