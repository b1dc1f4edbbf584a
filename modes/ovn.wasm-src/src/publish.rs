//! What exists for the ports that an endpoint publishes: on the host, as in mode nat, or at the router's address in the
//! physical network.

use std::net::IpAddr;

use guest_modes::{Endpoint, LoadBalancer, Network, Plan, Publish, PublishedPort, Refusal, same_family};

use crate::join::host_label;
use crate::way_out::{External, WayOut};

pub(crate) fn plan(network: &Network, endpoint: &Endpoint, ports: &[PublishedPort]) -> Result<Plan, Refusal> {
    match WayOut::of(network)? {
        WayOut::Host => Ok(on_host(endpoint, ports)),
        WayOut::External(external) => outside(&external, endpoint, ports),
        WayOut::Internal => {
            let message =
                "nobody outside reaches an internal network: leave out -p, or create the network without --internal";
            Err(Refusal::unsupported("publish-internal", message))
        }
        WayOut::Docker | WayOut::None | WayOut::Theirs => {
            let message = "ports are published where containers leave, and that is not by this network: leave out -p, or \
                           create the network with egress=host or egress=external";
            Err(Refusal::unsupported("publish-elsewhere", message).at("egress"))
        }
    }
}

fn on_host(endpoint: &Endpoint, ports: &[PublishedPort]) -> Plan {
    let mut plan = Plan::new();
    for port in ports {
        for target in targets(endpoint, port.host_address) {
            let PublishedPort { protocol, host_port, container_port, .. } = port;
            let why = format!("the user published {container_port}/{protocol} on the host's port {host_port}");
            let publish = Publish::through(&host_label(), port, target).translate(true);
            plan.add(format!("publish-{}", plan.steps.len() + 1), publish, why);
        }
    }
    plan
}

/// The endpoint's addresses that a port leads to: those of the host address's family, or of every family without one.
/// Where the container has none of that family its other address has to do, which the host carries connections over to.
fn targets(endpoint: &Endpoint, host_address: Option<IpAddr>) -> Vec<IpAddr> {
    let all: Vec<IpAddr> = endpoint.addresses.iter().map(|net| net.addr()).collect();
    let fits = |target: &IpAddr| host_address.is_none_or(|address| same_family(address, *target));
    let fitting: Vec<IpAddr> = all.iter().copied().filter(fits).collect();
    if fitting.is_empty() { all } else { fitting }
}

fn outside(external: &External, endpoint: &Endpoint, ports: &[PublishedPort]) -> Result<Plan, Refusal> {
    let router = guest_modes::Label::new("router");
    let mut plan = Plan::new();
    for port in ports {
        for (address, target) in at_router(external, endpoint, port)? {
            let PublishedPort { protocol, host_port, container_port, .. } = port;
            let why = format!("the user published {container_port}/{protocol} on port {host_port} of {address}");
            plan.add(
                format!("publish-{}", plan.steps.len() + 1),
                LoadBalancer::on(&router, port, address, target),
                why,
            );
        }
    }
    Ok(plan)
}

/// The router's addresses that a port is published at, each with the container's of that family.
fn at_router(external: &External, endpoint: &Endpoint, port: &PublishedPort) -> Result<Vec<(IpAddr, IpAddr)>, Refusal> {
    let asked = port.host_address.filter(|address| !address.is_unspecified());
    let wanted = |address: &IpAddr| match (asked, port.host_address) {
        (Some(asked), _) => asked == *address,
        (None, Some(every)) => same_family(every, *address),
        (None, None) => true,
    };
    let addresses = external.addresses.iter().map(|address| address.addr()).filter(wanted);
    let pairs: Vec<(IpAddr, IpAddr)> = addresses
        .flat_map(|address| {
            let targets = endpoint.addresses.iter().map(|net| net.addr());
            targets.filter(move |target| same_family(address, *target)).map(move |target| (address, target))
        })
        .collect();
    if !pairs.is_empty() {
        return Ok(pairs);
    }
    let own: Vec<String> = external.addresses.iter().map(|address| address.addr().to_string()).collect();
    let message = format!(
        "port {} is published at the router's address, and none of {} fits: leave out the host address of -p, or give one \
         of these of a family that the container has",
        port.host_port,
        own.join(", ")
    );
    Err(Refusal::invalid("publish-address", message))
}
