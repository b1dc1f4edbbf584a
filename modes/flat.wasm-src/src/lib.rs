//! Mode flat: one layer 2 segment.
//!
//! Containers sit on a bridge side by side with whatever else is on it: with `uplink` the wire, with `host_address` the
//! host, with `vlan` one VLAN of both. Nothing is routed or translated, so that there is nothing to publish a port
//! with, and the gateway is a router on the segment.
//!
//! With `peers` the segment spans hosts: a tunnel leads to each of them. With an uplink, too, frames would circle.
//!
//! An internal network has no default route, as with Docker's macvlan. Its segment may still have an uplink, which the
//! user then named beside `--internal`.

mod mesh;
mod network;

use guest_modes::{Endpoint, EndpointPort, Mode, Network, Plan, PublishedPort, Refusal, common, port, segment};

/// The mode.
pub struct Flat;

impl Mode for Flat {
    fn plan_network(network: &Network) -> Result<Plan, Refusal> {
        network::plan(network)
    }

    fn plan_endpoint(network: &Network, endpoint: &Endpoint) -> Result<Plan, Refusal> {
        segment::keep_host_address(network, endpoint)?;
        let vlan: Option<u16> = endpoint.options.get("vlan").or_else(|| network::vlan(network));
        let port =
            EndpointPort::on(&common::bridge_label(), endpoint).vlan(vlan).mtu(mesh::mtu(network, vlan.is_some())?);
        port::plan_on_bridge(port, network, endpoint)
    }

    fn plan_publish(network: &Network, _: &Endpoint, ports: &[PublishedPort]) -> Result<Plan, Refusal> {
        segment::publish("flat", network, ports)
    }
}

guest_modes::export!(Flat);
