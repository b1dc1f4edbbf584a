//! What exists for the ports that an endpoint publishes.
//!
//! The option `host_binding` is not looked at here: the driver binds the sockets before it asks, so that every port
//! that has a host address says so.

use std::net::IpAddr;

use guest_modes::{Endpoint, Network, Plan, Publish, PublishedPort, Refusal, same_family};

use crate::network::{host_label, translates};

pub(crate) fn plan(network: &Network, endpoint: &Endpoint, ports: &[PublishedPort]) -> Result<Plan, Refusal> {
    if network.internal {
        let message =
            "nobody outside reaches an internal network: leave out -p, or create the network without --internal";
        return Err(Refusal::unsupported("publish-internal", message));
    }
    let translate = translates(network);
    let mut plan = Plan::new();
    for port in ports {
        for target in targets(endpoint, port) {
            let label = format!("publish-{}", plan.steps.len() + 1);
            plan.add(
                label,
                Publish::through(&host_label(), port, target).translate(translate),
                reason(port, translate),
            );
        }
    }
    Ok(plan)
}

/// The endpoint's addresses that a port leads to: those of the host address's family, or of every family without one.
/// Where the container has none of that family its other address has to do, which the host carries connections over to.
fn targets(endpoint: &Endpoint, port: &PublishedPort) -> Vec<IpAddr> {
    let all: Vec<IpAddr> = endpoint.addresses.iter().map(|net| net.addr()).collect();
    let fits = |target: &IpAddr| port.host_address.is_none_or(|address| same_family(address, *target));
    let fitting: Vec<IpAddr> = all.iter().copied().filter(fits).collect();
    if fitting.is_empty() { all } else { fitting }
}

fn reason(port: &PublishedPort, translate: bool) -> String {
    let PublishedPort { protocol, host_port, container_port, .. } = port;
    if translate {
        format!("the user published {container_port}/{protocol} on the host's port {host_port}")
    } else {
        format!("the user published {container_port}/{protocol}: open to what is routed here (option gateway_mode)")
    }
}
