//! What exists for the ports that an endpoint publishes.

use std::net::IpAddr;

use guest_modes::{Endpoint, Network, Plan, Publish, PublishedPort, Refusal, same_family};

use crate::network::{host_label, translates};

pub(crate) fn plan(network: &Network, endpoint: &Endpoint, ports: &[PublishedPort]) -> Result<Plan, Refusal> {
    if network.internal {
        let message =
            "nobody outside reaches an internal network: leave out -p, or create the network without --internal";
        return Err(Refusal::unsupported("publish-internal", message));
    }
    let mut plan = Plan::new();
    for port in ports {
        add_port(network, endpoint, port, &mut plan);
    }
    Ok(plan)
}

/// One step for each of the endpoint's addresses that connections to the port can be sent to as they are. There may be
/// none: IPv6 connections to a container with IPv4 alone are carried over by the host, which holds the port's socket.
fn add_port(network: &Network, endpoint: &Endpoint, port: &PublishedPort, plan: &mut Plan) {
    let translate = translates(network);
    let host_address = port.host_address.or_else(|| binding(network));
    for target in endpoint.addresses.iter().map(|net| net.addr()) {
        if host_address.is_some_and(|address| !same_family(address, target)) {
            continue;
        }
        let publish = Publish::through(&host_label(), port, target).host_address(host_address).translate(translate);
        let label = format!("publish-{}", plan.steps.len() + 1);
        plan.add(label, publish, reason(port, translate));
    }
}

/// Where ports are published that were asked for without a host address (option `host_binding`). The unspecified
/// addresses are Docker's words for everywhere.
fn binding(network: &Network) -> Option<IpAddr> {
    network.options.get("host_binding").filter(|address: &IpAddr| !address.is_unspecified())
}

fn reason(port: &PublishedPort, translate: bool) -> String {
    let PublishedPort { protocol, host_port, container_port, .. } = port;
    if translate {
        format!("the user published {container_port}/{protocol} on the host's port {host_port}")
    } else {
        format!("the user published {container_port}/{protocol}: open to what is routed here (option gateway_mode)")
    }
}
