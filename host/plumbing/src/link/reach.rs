//! What the host reaches by itself, and no route of ours may take away.

use std::net::IpAddr;

use ipnet::IpNet;

use super::facts::{is_link_local, next_hops};
use super::route::{HEAD, address};
use super::{LinkError, Reach, internal, message};
use crate::netlink::{Body, Channel, Request, attribute, number};

/// `RTM_F_CLONED`: no route, but what the kernel has learnt of the way to one address.
const CLONED: u32 = 0x200;
/// Kinds of routes that lead nowhere. Those of IPv6 have a link all the same.
const NOBODY: [u8; 4] = [libc::RTN_BLACKHOLE, libc::RTN_UNREACHABLE, libc::RTN_PROHIBIT, libc::RTN_THROW];

/// Where the routes of the main table lead, and what the host's addresses are in.
pub(super) fn list(channel: &mut Channel) -> Result<Vec<Reach>, LinkError> {
    let request = Request { kind: libc::RTM_GETROUTE, flags: libc::NLM_F_DUMP, body: Body::header(&[0; HEAD]) };
    let routes = channel.request(&request).map_err(|failure| LinkError::netlink("list of routes", failure.source))?;
    let routes = routes.iter().filter_map(|route| read(&route.body));
    let addresses = internal::addresses(channel)?;
    let addresses = addresses.into_iter().map(|(index, net)| (net.trunc(), Some(index), true));
    let all: Vec<_> = routes.chain(addresses).filter(|(net, ..)| is_of_its_own(net)).collect();
    let links = message::list(channel)?;
    let name = |index| links.iter().find(|link| Some(link.index) == index).map(|link| link.name.clone());
    Ok(all.into_iter().map(|(net, index, on_link)| Reach { net, link: name(index), on_link }).collect())
}

/// Where a route leads, the link that it leaves by, the first one of several, and whether who is there is asked for on
/// it.
fn read(body: &[u8]) -> Option<(IpNet, Option<u32>, bool)> {
    let (family, prefix, table, kind) = (*body.first()?, *body.get(1)?, *body.get(4)?, *body.get(7)?);
    let rest = body.get(HEAD..)?;
    let flags = number(body.get(8..12)?)?;
    if table != libc::RT_TABLE_MAIN || flags & CLONED != 0 {
        return None;
    }
    let destination = match attribute(rest, libc::RTA_DST) {
        Some(value) => address(value)?,
        None if i32::from(family) == libc::AF_INET => IpAddr::from([0; 4]),
        None => IpAddr::from([0; 16]),
    };
    let several = attribute(rest, libc::RTA_MULTIPATH).map(next_hops).unwrap_or_default();
    let link = attribute(rest, libc::RTA_OIF).and_then(number).or(several.first().map(|(link, _)| *link));
    let direct = if several.is_empty() { is_direct(rest) } else { several.iter().any(|(_, hop)| is_direct(hop)) };
    Some((IpNet::new(destination, prefix).ok()?, link, direct && !NOBODY.contains(&kind)))
}

/// Whether a next hop is whom a packet is for, and no gateway, be it of the other family.
fn is_direct(hop: &[u8]) -> bool {
    attribute(hop, libc::RTA_GATEWAY).is_none() && attribute(hop, libc::RTA_VIA).is_none()
}

/// Whether somebody in particular is there. VPNs say "everything" in halves, too, and of IPv6 an eighth is all there is.
fn is_of_its_own(net: &IpNet) -> bool {
    let everything = if net.addr().is_ipv4() { 1 } else { 3 };
    net.prefix_len() > everything && !is_link_local(net.addr()) && !net.addr().is_multicast()
}
