//! What exists for a container.

use guest_modes::{Endpoint, EndpointPort, IpNet, Network, Plan, Refusal, common, same_family};

use crate::network::{mtu, switch_label};
use crate::way_out::WayOut;

pub(crate) fn plan(network: &Network, endpoint: &Endpoint) -> Result<Plan, Refusal> {
    let way_out = WayOut::of(network)?;
    let mut plan = Plan::new();
    let port = EndpointPort::on_logical_switch(&switch_label(), endpoint)
        .mtu(mtu(network)?)
        .secured(secured(network, endpoint));
    plan.add("port", port, "the container's link");
    match way_out {
        WayOut::Host | WayOut::External(_) | WayOut::Theirs => {
            common::route_through_gateways(network, endpoint, &mut plan);
        }
        WayOut::Docker => {
            plan.docker_gateway();
            add_routes(network, endpoint, &mut plan);
        }
        WayOut::None => add_routes(network, endpoint, &mut plan),
        WayOut::Internal => {}
    }
    common::name_interface(endpoint, &mut plan)?;
    Ok(plan)
}

/// Whether it sends as itself only: the endpoint's option `port_security`, else the network's.
fn secured(network: &Network, endpoint: &Endpoint) -> bool {
    endpoint.options.get("port_security").unwrap_or_else(|| network.options.expect("port_security"))
}

/// A container whose default route is not the VRF's router reaches the VRF's other subnets (fact `ovn.vrf-subnets`) by
/// routes of their own.
fn add_routes(network: &Network, endpoint: &Endpoint, plan: &mut Plan) {
    let subnets: &[String] = endpoint.facts.get("ovn.vrf-subnets").unwrap_or_default();
    let subnets = subnets.iter().map(|text| text.parse::<IpNet>().expect("the host lists subnets"));
    for subnet in subnets.filter(|subnet| network.real_subnets().all(|own| own.pool != *subnet)) {
        let gateways = network.gateways().map(|gateway| gateway.addr());
        let mut reached = gateways.filter(|gateway| endpoint.addresses.iter().any(|net| net.contains(gateway)));
        if let Some(gateway) = reached.find(|gateway| same_family(*gateway, subnet.addr())) {
            plan.route(subnet, gateway);
        }
    }
}
