//! What exists for one container: its link, and its way to the gateway.

use guest_modes::{Endpoint, EndpointPort, Label, Network, Plan, Refusal};

use crate::network::{check_mtu, host_is_gateway};

pub(crate) fn plan(network: &Network, endpoint: &Endpoint) -> Result<Plan, Refusal> {
    let isolated = endpoint.options.get("isolated").unwrap_or_else(|| network.options.expect("isolated"));
    let why = if isolated { "the container's link, kept from other isolated ones" } else { "the container's link" };
    let port = EndpointPort::on(&Label::new("bridge"), endpoint).mtu(mtu(network, endpoint)?).isolated(isolated);
    let mut plan = Plan::new();
    plan.add("port", port, why);
    if host_is_gateway(network) {
        let subnets = endpoint.addresses.iter().filter_map(|net| network.subnet_of(net.addr()));
        for gateway in subnets.filter_map(|subnet| subnet.gateway) {
            plan.gateway(gateway.addr());
        }
    }
    Ok(plan)
}

/// The container's own, else the network's. What is larger than the network's would be lost on the way.
fn mtu(network: &Network, endpoint: &Endpoint) -> Result<u16, Refusal> {
    let most: u16 = network.options.expect("mtu");
    let mtu = endpoint.options.get("mtu").unwrap_or(most);
    if mtu > most {
        let message = format!("an MTU of {mtu} is more than the {most} of the network: give {most} or less");
        return Err(Refusal::invalid("mtu-too-large", message).at("mtu"));
    }
    check_mtu(mtu, network)?;
    Ok(mtu)
}
