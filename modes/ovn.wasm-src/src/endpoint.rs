//! What exists for a container.

use guest_modes::{Endpoint, EndpointPort, IpNet, Network, Plan, Refusal, common, port, same_family};

use crate::network::{mtu, switch_label};
use crate::way_out::WayOut;

pub(crate) fn plan(network: &Network, endpoint: &Endpoint) -> Result<Plan, Refusal> {
    let way_out = WayOut::of(network)?;
    let mut plan = Plan::new();
    let port = EndpointPort::on_logical_switch(&switch_label(), endpoint).mtu(mtu(network)?);
    plan.add("port", port::limited(port, network, endpoint)?, "the container's link");
    way_out.check_routes(&endpoint.options)?;
    port::add_routes(network, endpoint, &mut plan)?;
    match way_out {
        WayOut::Host | WayOut::External(_) | WayOut::Theirs => {
            common::route_through_gateways(network, endpoint, &mut plan);
        }
        WayOut::Docker => {
            plan.docker_gateway();
            route_to_vrf(network, endpoint, &mut plan);
        }
        WayOut::None => route_to_vrf(network, endpoint, &mut plan),
        WayOut::Internal => {}
    }
    common::name_interface(endpoint, &mut plan)?;
    Ok(plan)
}

/// A container whose default route is not the VRF's router reaches the VRF's other subnets (fact `ovn.vrf-subnets`) by
/// routes of their own, unless a user said another one.
fn route_to_vrf(network: &Network, endpoint: &Endpoint, plan: &mut Plan) {
    let said = plan.reply.get::<&[String]>("routes").unwrap_or_default().to_vec();
    let is_said = |subnet: &IpNet| said.iter().any(|route| route.starts_with(&format!("{subnet}=")));
    let subnets: &[String] = endpoint.facts.get("ovn.vrf-subnets").unwrap_or_default();
    let subnets = subnets.iter().map(|text| text.parse::<IpNet>().expect("the host lists subnets"));
    let others = subnets.filter(|subnet| network.real_subnets().all(|own| own.pool != *subnet));
    for subnet in others.filter(|subnet| !is_said(subnet)) {
        let gateways = network.gateways().map(|gateway| gateway.addr());
        let mut reached = gateways.filter(|gateway| endpoint.addresses.iter().any(|net| net.contains(gateway)));
        if let Some(gateway) = reached.find(|gateway| same_family(*gateway, subnet.addr())) {
            plan.route(subnet, gateway);
        }
    }
}
