//! The host's routes through an internal port, in the main table. No other route is ever replaced: a connected one has no
//! metric either, so that the kernel would take the host's own link for ours.

use std::net::IpAddr;

use ipnet::IpNet;
use plan::RouteVia;

use super::{Link, LinkError, reach};
use crate::netlink::{Body, Channel, Request, attribute, number};

/// `struct rtmsg`.
pub(super) const HEAD: usize = 12;

/// Adds a route; says whether it was not there before.
pub(super) fn add(channel: &mut Channel, port: &Link, route: &RouteVia) -> Result<bool, LinkError> {
    let flags = libc::NLM_F_CREATE | libc::NLM_F_EXCL;
    let failure = match channel.request(&Request { kind: libc::RTM_NEWROUTE, flags, body: body(port, route) }) {
        Ok(_) => return Ok(true),
        Err(failure) => failure,
    };
    if failure.is(libc::EEXIST) {
        if is_among(route, &list(channel, port)?) {
            return Ok(false);
        }
        let destination = route.destination.trunc();
        if let Some(there) = reach::list(channel)?.into_iter().find(|there| there.net == destination) {
            return Err(LinkError::Reached { destination, there });
        }
    }
    Err(LinkError::refused("add a route through", &port.name)(failure))
}

/// Removes a route; that it or the port is gone is fine. The kernel compares link and next hop, too.
pub(super) fn delete(channel: &mut Channel, port: &Link, route: &RouteVia) -> Result<(), LinkError> {
    match channel.request(&Request { kind: libc::RTM_DELROUTE, flags: 0, body: body(port, route) }) {
        Err(failure) if !failure.is(libc::ESRCH) => {
            Err(LinkError::refused("remove a route through", &port.name)(failure))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The routes through a port by way of somebody else.
pub(super) fn list(channel: &mut Channel, port: &Link) -> Result<Vec<RouteVia>, LinkError> {
    let request = Request { kind: libc::RTM_GETROUTE, flags: libc::NLM_F_DUMP, body: Body::header(&[0; HEAD]) };
    let messages = channel.request(&request).map_err(|failure| LinkError::netlink("list of routes", failure.source))?;
    Ok(messages.iter().filter_map(|message| read(&message.body, port.index)).collect())
}

/// Whether a route is among some; host bits of its destination do not count.
pub(super) fn is_among(route: &RouteVia, routes: &[RouteVia]) -> bool {
    let same = |other: &RouteVia| other.destination == route.destination.trunc() && other.next_hop == route.next_hop;
    routes.iter().any(same)
}

fn body(port: &Link, route: &RouteVia) -> Body {
    let destination = route.destination.trunc();
    Body::header(&head(&destination))
        .put(libc::RTA_DST, &bytes(destination.addr()))
        .put(libc::RTA_GATEWAY, &bytes(route.next_hop))
        .number(libc::RTA_OIF, port.index)
}

fn head(destination: &IpNet) -> [u8; HEAD] {
    let family = if destination.addr().is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
    let [family, ..] = family.to_le_bytes();
    let (table, scope, kind) = (libc::RT_TABLE_MAIN, libc::RT_SCOPE_UNIVERSE, libc::RTN_UNICAST);
    [family, destination.prefix_len(), 0, 0, table, libc::RTPROT_STATIC, scope, kind, 0, 0, 0, 0]
}

fn read(body: &[u8], port: u32) -> Option<RouteVia> {
    let (prefix, table, rest) = (*body.get(1)?, *body.get(4)?, body.get(HEAD..)?);
    let through = attribute(rest, libc::RTA_OIF).and_then(number);
    if table != libc::RT_TABLE_MAIN || through != Some(port) {
        return None;
    }
    let next_hop = address(attribute(rest, libc::RTA_GATEWAY)?)?;
    let destination = match attribute(rest, libc::RTA_DST) {
        Some(value) => address(value)?,
        // The default route has none.
        None if next_hop.is_ipv4() => IpAddr::from([0; 4]),
        None => IpAddr::from([0; 16]),
    };
    Some(RouteVia { destination: IpNet::new(destination, prefix).ok()?, next_hop })
}

pub(super) fn address(value: &[u8]) -> Option<IpAddr> {
    match value.len() {
        4 => Some(<[u8; 4]>::try_from(value).ok()?.into()),
        16 => Some(<[u8; 16]>::try_from(value).ok()?.into()),
        _ => None,
    }
}

pub(super) fn bytes(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}
