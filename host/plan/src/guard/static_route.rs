//! A route: of the VRF's router to everything, by one of its ways out; of this host to the network, by the router; else
//! one that the user asked for.

use super::denial::Broken;
use super::logical::{self, Whose, broken};
use super::scene::Scene;
use super::{host_port, reply};
use crate::{Action, Label, Route, RouteVia, StaticRoute};

pub(super) fn check(added: &StaticRoute, scene: &Scene<'_>) -> Result<(), Broken> {
    let StaticRoute { router, route } = added;
    let same = |action: &Action| matches!(action, Action::StaticRoute(other) if other.router == *router && other.route.destination == route.destination);
    if scene.earlier.iter().any(|step| same(&step.action)) {
        return Err(broken(format_args!("a second route to {}", route.destination), "say one"));
    }
    match &scene.router(router)?.action {
        Action::HostPort(port) => host_port::route(route, port, scene.request.network),
        _ => of_router(router, route, scene),
    }
}

fn of_router(router: &Label, route: &RouteVia, scene: &Scene<'_>) -> Result<(), Broken> {
    let ports = || logical::ports(router, scene);
    let Some(port) = ports().find(|port| port.addresses.iter().any(|net| net.contains(&route.next_hop))) else {
        let right = "the router has no port in its subnet: put a router-port before it";
        return Err(broken(format_args!("next hop {}", route.next_hop), right));
    };
    let in_subnet = |net: &&ipnet::IpNet| net.contains(&route.next_hop);
    let is_another = |net: &ipnet::IpNet| net.addr() != route.next_hop && super::is_station(net, route.next_hop);
    if !port.addresses.iter().find(in_subnet).is_some_and(is_another) {
        return Err(broken(format_args!("next hop {}", route.next_hop), "it is no other station in the port's subnet"));
    }
    if route.destination.addr().is_ipv4() != route.next_hop.is_ipv4() {
        return Err(broken(format_args!("{} by {}", route.destination, route.next_hop), "they are of one family"));
    }
    let (_, whose) = logical::switch(&port.switch, scene)?;
    let is_way_out = route.destination.prefix_len() == 0 && matches!(whose, Whose::Join | Whose::Outside);
    let said = Route { destination: route.destination, next_hop: Some(route.next_hop) };
    if is_way_out || reply::asked_for(&scene.request.network.options).contains(&said) {
        return Ok(());
    }
    let right = "a router's are the default route by a way out of its VRF, and those of the option \"routes\"";
    Err(broken(format_args!("a route to {}", route.destination), right))
}
