//! What Docker is told about an endpoint. The keys are closed, and what they say stays within the network: a route that
//! nobody asked for could draw another network's traffic to this one.

use std::net::IpAddr;

use ipnet::IpNet;

use super::denial::{Broken, Denial, Rule};
use super::{Asked, Request};
use crate::{Attribute, Attributes, Endpoint, InterfaceName, Reply, Route, Value};

/// The keys and what they hold, for the message.
const KEYS: &str = "gateway and gateway6 (address), routes (texts), docker-gateway (boolean), interface-prefix and interface-name \
     (text) are known";
/// Room for Docker's number behind a prefix: an interface's name has 15 bytes at most.
const LONGEST_PREFIX: usize = 12;

/// Reads a mode's reply.
pub(super) fn read(attributes: &[Attribute], request: &Request<'_>) -> Result<Reply, Denial> {
    let mut reply = Reply::default();
    for (index, attribute) in attributes.iter().enumerate() {
        if attributes[..index].iter().any(|earlier| earlier.key == attribute.key) {
            return Err(broken(format_args!("\"{}\" is there twice", attribute.key), "say it once").in_plan());
        }
        read_one(attribute, &mut reply, request).map_err(Broken::in_plan)?;
    }
    Ok(reply)
}

fn read_one(attribute: &Attribute, reply: &mut Reply, request: &Request<'_>) -> Result<(), Broken> {
    match (attribute.key.as_str(), &attribute.value) {
        ("gateway", Value::Address(IpAddr::V4(address))) => reply.gateway = Some(*address),
        ("gateway6", Value::Address(IpAddr::V6(address))) => reply.gateway6 = Some(*address),
        ("routes", Value::Texts(texts)) => {
            let bad = |text: &String| broken(format_args!("route \"{text}\""), ROUTE).blame_option(text, request);
            let read = |text: &String| route(text).ok_or_else(|| bad(text));
            reply.routes = texts.iter().map(read).collect::<Result<_, _>>()?;
        }
        ("docker-gateway", Value::Boolean(yes)) => reply.docker_gateway = *yes,
        ("interface-prefix", Value::Text(text)) => reply.interface_prefix = Some(text.clone()),
        ("interface-name", Value::Text(text)) => reply.interface_name = Some(text.clone()),
        (key, value) => return Err(broken(format_args!("\"{key}\" with {value:?}"), KEYS)),
    }
    Ok(())
}

/// Checks a reply: empty but for an endpoint's plan.
pub(super) fn check(reply: &Reply, request: &Request<'_>) -> Result<(), Denial> {
    match request.asked {
        Asked::Endpoint { endpoint, .. } => check_endpoint(reply, endpoint, request).map_err(Broken::in_plan),
        Asked::Network | Asked::Publish { .. } if *reply != Reply::default() => {
            Err(broken("a reply", "only an endpoint's plan has one").in_plan())
        }
        Asked::Network | Asked::Publish { .. } => Ok(()),
    }
}

fn check_endpoint(reply: &Reply, endpoint: &Endpoint, request: &Request<'_>) -> Result<(), Broken> {
    let gateways = [reply.gateway.map(IpAddr::V4), reply.gateway6.map(IpAddr::V6)];
    gateways.into_iter().flatten().try_for_each(|gateway| check_gateway(gateway, endpoint, request))?;
    check_docker_gateway(reply, request)?;
    let lists = [&request.network.options, &endpoint.options];
    let wanted: Vec<_> = lists.into_iter().flat_map(|options| asked_for(options)).collect();
    let allowed = |route: &&Route| wanted.contains(route) || leads_into_vrf(route, endpoint, request);
    if let Some(route) = reply.routes.iter().find(|route| !allowed(route)) {
        let value = format_args!("a route to {}", route.destination);
        let right = "only those of the option \"routes\" are allowed, and through a gateway to the VRF's other subnets";
        return Err(broken(value, right));
    }
    if let Some(prefix) = reply.interface_prefix.as_deref().filter(|prefix| !is_prefix(prefix)) {
        let right = "a letter, then letters, digits, '-' and '_', at most 12 together, are wanted";
        return Err(broken(format_args!("interface-prefix \"{prefix}\""), right).blame_option(prefix, request));
    }
    if let Some(name) = reply.interface_name.as_deref().filter(|name| !is_name(name)) {
        let right = "letters, digits, '-', '_' and '.', at most 15, are wanted, and not \"lo\"";
        return Err(broken(format_args!("interface-name \"{name}\""), right).blame_option(name, request));
    }
    Ok(())
}

/// Whether a route leads to another subnet of the network's VRF (the fact `ovn.vrf-subnets`), through its router.
fn leads_into_vrf(route: &Route, endpoint: &Endpoint, request: &Request<'_>) -> bool {
    let is_told = |facts: &[Attribute]| {
        let Some(Value::Texts(subnets)) = facts.value("ovn.vrf-subnets") else { return false };
        subnets.iter().any(|subnet| subnet.parse() == Ok(route.destination))
    };
    let through = |hop: IpAddr| {
        let gateways = request.network.subnets.iter().filter_map(|subnet| subnet.gateway);
        gateways.map(|net| net.addr()).any(|gateway| gateway == hop)
            && endpoint.addresses.iter().any(|net| net.addr() != hop && net.contains(&hop))
    };
    !request.network.internal
        && route.next_hop.is_some_and(through)
        && (is_told(&endpoint.facts) || is_told(&request.network.facts))
}

/// Docker's own bridge is the way out of a network that has none itself.
fn check_docker_gateway(reply: &Reply, request: &Request<'_>) -> Result<(), Broken> {
    if !reply.docker_gateway {
        return Ok(());
    }
    if request.network.internal {
        return Err(Broken::new(Rule::Internal, "docker-gateway", "leave it out"));
    }
    if reply.gateway.is_some() || reply.gateway6.is_some() {
        return Err(broken(
            "docker-gateway",
            "the reply has a gateway of this network: leave out the one or the other",
        ));
    }
    Ok(())
}

/// A gateway is another station on the endpoint's own link, in one of the network's pools.
fn check_gateway(gateway: IpAddr, endpoint: &Endpoint, request: &Request<'_>) -> Result<(), Broken> {
    if request.network.internal {
        return Err(Broken::new(Rule::Internal, format_args!("gateway {gateway}"), "leave it out"));
    }
    let right = if endpoint.addresses.iter().any(|net| net.addr() == gateway) {
        "it is the endpoint's own address"
    } else if !request.network.subnets.iter().any(|subnet| super::is_in(&subnet.pool, gateway)) {
        "it is in none of the network's pools"
    } else if !endpoint.addresses.iter().any(|net| net.contains(&gateway) && super::is_station(net, gateway)) {
        "the endpoint has no address in its subnet"
    } else {
        return Ok(());
    };
    Err(broken(format_args!("gateway {gateway}"), right))
}

/// How a route is written.
const ROUTE: &str = "DESTINATION=NEXT-HOP of one family, as in 10.0.0.0/8=10.1.0.254, is wanted";

/// Reads a route: `DESTINATION=NEXT-HOP`, or `DESTINATION` alone for one on the link.
fn route(text: &str) -> Option<Route> {
    let (destination, next_hop) = match text.split_once('=') {
        Some((destination, next_hop)) => (destination, Some(next_hop.trim().parse::<IpAddr>().ok()?)),
        None => (text, None),
    };
    let destination = destination.trim().parse::<IpNet>().ok()?.trunc();
    let one_family = next_hop.is_none_or(|hop| hop.is_ipv4() == destination.addr().is_ipv4());
    one_family.then_some(Route { destination, next_hop })
}

/// The routes that a list of options asks for.
pub(super) fn asked_for(options: &[Attribute]) -> Vec<Route> {
    match options.value("routes") {
        Some(Value::Texts(texts)) => texts.iter().filter_map(|text| route(text)).collect(),
        Some(Value::Text(text)) => text.split(',').filter_map(route).collect(),
        Some(_) | None => Vec::new(),
    }
}

fn is_prefix(text: &str) -> bool {
    text.len() <= LONGEST_PREFIX
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn is_name(text: &str) -> bool {
    text != "lo"
        && InterfaceName::new(text).is_ok()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::Reply, value, right)
}
