//! What the guard wants to know about links.

use std::collections::HashSet;
use std::net::IpAddr;

use plan::HostInterface;

use super::message::{HEAD, dump, read};
use super::{LinkError, internal};
use crate::Mark;
use crate::netlink::{Body, Channel, Message, Request, attribute, attributes, number, text};

/// `struct rtmsg`.
const ROUTE_HEAD: usize = 12;

/// All links, with what they carry.
pub(super) fn interfaces(channel: &mut Channel) -> Result<Vec<HostInterface>, LinkError> {
    let links = dump(channel)?;
    let addresses = internal::addresses(channel)?;
    let addressed = addresses.iter().filter(|(_, net)| !is_link_local(net.addr())).map(|(index, _)| *index);
    let addressed: HashSet<u32> = addressed.collect();
    let ways_out = default_routes(channel)?;
    let interface = |message| interface(message, &addressed, &ways_out);
    Ok(links.iter().filter_map(interface).collect())
}

fn interface(message: &Message, addressed: &HashSet<u32>, ways_out: &HashSet<u32>) -> Option<HostInterface> {
    let link = read(message)?;
    let rest = message.body.get(HEAD..)?;
    let index_in = |kind| attribute(rest, kind).and_then(number);
    let elsewhere = attribute(rest, libc::IFLA_LINK_NETNSID).is_some();
    Some(HostInterface {
        name: link.name,
        index: link.index,
        alternatives: attribute(rest, libc::IFLA_PROP_LIST).map(alternatives).unwrap_or_default(),
        kind: link.kind,
        master: index_in(libc::IFLA_MASTER),
        parent: index_in(libc::IFLA_LINK).filter(|parent| !elsewhere && *parent != 0 && *parent != link.index),
        addressed: addressed.contains(&link.index),
        default_route: ways_out.contains(&link.index),
        ours: Mark::from_alias(&link.alias).is_some(),
        mtu: link.mtu,
    })
}

fn alternatives(list: &[u8]) -> Vec<String> {
    attributes(list).filter(|(kind, _)| *kind == libc::IFLA_ALT_IFNAME).map(|(_, name)| text(name)).collect()
}

/// Whether an address is one that every link has by itself.
pub(crate) fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

/// The links that default routes leave by, of both protocols and all tables.
fn default_routes(channel: &mut Channel) -> Result<HashSet<u32>, LinkError> {
    let mut links = HashSet::new();
    for family in [libc::AF_INET, libc::AF_INET6] {
        let [family, ..] = family.to_le_bytes();
        let mut head = [0; ROUTE_HEAD];
        head[0] = family;
        let request = Request { kind: libc::RTM_GETROUTE, flags: libc::NLM_F_DUMP, body: Body::header(&head) };
        let routes =
            channel.request(&request).map_err(|failure| LinkError::netlink("list of routes", failure.source))?;
        routes.iter().for_each(|route| links.extend(ways_out(&route.body)));
    }
    Ok(links)
}

/// Of a unicast route to everywhere: the links it leaves by, several where it has several next hops.
fn ways_out(body: &[u8]) -> Vec<u32> {
    let (Some(prefix), Some(kind), Some(rest)) = (body.get(1), body.get(7), body.get(ROUTE_HEAD..)) else {
        return Vec::new();
    };
    if *prefix != 0 || *kind != libc::RTN_UNICAST {
        return Vec::new();
    }
    let single = attribute(rest, libc::RTA_OIF).and_then(number);
    let several = attribute(rest, libc::RTA_MULTIPATH).map(next_hops).unwrap_or_default();
    single.into_iter().chain(several.into_iter().map(|(link, _)| link)).collect()
}

/// Several next hops: their links, and what else is said of each. `struct rtnexthop`: length (2), flags, hops, index (4),
/// attributes.
pub(super) fn next_hops(mut bytes: &[u8]) -> Vec<(u32, &[u8])> {
    let mut hops = Vec::new();
    while let (Some(length), Some(index)) = (bytes.get(..2), bytes.get(4..8)) {
        let length = usize::from(u16::from_ne_bytes([length[0], length[1]])).max(8);
        hops.extend(number(index).map(|index| (index, bytes.get(8..length).unwrap_or_default())));
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    hops
}
