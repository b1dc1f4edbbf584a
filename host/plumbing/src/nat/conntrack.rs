//! What the kernel tracks of connections, over ctnetlink. A tracked connection keeps its translation: a UDP flow that
//! never pauses would stay with a container that is gone, or with nobody.

use std::collections::HashSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr};

use plan::Protocol;

use super::nfnetlink::{CONNTRACK, HEAD, IPV4, IPV6, UNSPECIFIED, about};
use super::rule::{Effect, Rule};
use crate::netlink::{Body, Channel, Failure, Request, attribute};

const GET: u16 = CONNTRACK | 1;
const DELETE: u16 = CONNTRACK | 2;
const CTA_TUPLE_ORIG: u16 = 1;
const CTA_TUPLE_REPLY: u16 = 2;
const CTA_ID: u16 = 12;
const CTA_ZONE: u16 = 18;
const CTA_FILTER: u16 = 25;
const CTA_TUPLE_IP: u16 = 1;
const CTA_TUPLE_PROTO: u16 = 2;
const CTA_IP_V4_SRC: u16 = 1;
const CTA_IP_V4_DST: u16 = 2;
const CTA_IP_V6_SRC: u16 = 3;
const CTA_IP_V6_DST: u16 = 4;
const CTA_PROTO_NUM: u16 = 1;
const CTA_PROTO_SRC_PORT: u16 = 2;
const CTA_PROTO_DST_PORT: u16 = 3;
const CTA_FILTER_ORIG_FLAGS: u16 = 1;
const CTA_FILTER_REPLY_FLAGS: u16 = 2;
const BY_SOURCE: u32 = 1 << 0;
const BY_PROTOCOL: u32 = 1 << 3;
/// Connections that take about 4 MB to look at.
const FEW: usize = 1 << 13;

/// One direction of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tuple {
    source: IpAddr,
    destination: IpAddr,
    protocol: u8,
    source_port: u16,
    destination_port: u16,
}

/// A tracked connection.
#[derive(Debug)]
struct Entry {
    original: Tuple,
    reply: Tuple,
    /// What the kernel knows it by.
    body: Body,
}

/// Which connections to look at: at least these, out of many. Each look goes through the whole table, which takes the
/// kernel about 10 ms however little there is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Query {
    /// That an address opened.
    OpenedBy(Ipv4Addr),
    /// That an address answers.
    AnsweredBy(Ipv4Addr),
    /// Of one protocol.
    Of { ipv4: bool, protocol: u8 },
    /// All there are.
    All,
    /// All of IPv6: Linux (seen on 6.18) compares IPv6 addresses the wrong way round, and shows all but what was asked
    /// for.
    Six,
}

/// Cuts all connections from and to some addresses. Of few, all are looked at, once for all addresses and for both
/// protocol families; many would take the memory that the kernel's choice saves.
pub(super) fn forget(channel: &mut Channel, addresses: &HashSet<IpAddr>) -> Result<(), Failure> {
    let is_it = |entry: &Entry| addresses.contains(&entry.original.source) || addresses.contains(&entry.reply.source);
    match tracked() {
        0 => return Ok(()),
        1..=FEW => return cut(channel, Query::All, is_it),
        _ => {}
    }
    for address in addresses.iter().filter_map(four) {
        cut(channel, Query::OpenedBy(address), is_it)?;
        cut(channel, Query::AnsweredBy(address), is_it)?;
    }
    if addresses.iter().any(IpAddr::is_ipv6) { cut(channel, Query::Six, is_it) } else { Ok(()) }
}

/// Cuts the connections over published ports that go.
pub(super) fn unpublish(channel: &mut Channel, went: &[Rule]) -> Result<(), Failure> {
    let end = |rule: &Rule| match rule.effect {
        Effect::Publish { protocol, target, target_port, .. } => {
            Some((target, super::protocol_number(protocol), target_port))
        }
        _ => None,
    };
    let ends: HashSet<_> = went.iter().filter_map(end).collect();
    let targets: HashSet<IpAddr> = ends.iter().map(|(target, ..)| *target).collect();
    let is_it = |Entry { reply, .. }: &Entry| ends.contains(&(reply.source, reply.protocol, reply.source_port));
    for target in targets.iter().filter_map(four) {
        cut(channel, Query::AnsweredBy(target), is_it)?;
    }
    if targets.iter().any(IpAddr::is_ipv6) { cut(channel, Query::Six, is_it) } else { Ok(()) }
}

/// Cuts flows towards published ports that come, so that they find them: of UDP, whose flows need not begin anew.
/// `local` are the host's addresses.
pub(super) fn publish(channel: &mut Channel, came: &[Rule], local: &[IpAddr]) -> Result<(), Failure> {
    let protocol = super::protocol_number(Protocol::Udp);
    let goes_there = |rule: &Rule, Entry { original, reply, .. }: &Entry| match &rule.effect {
        Effect::Publish { protocol: Protocol::Udp, host_address, host_port, target, .. } => {
            let bound = host_address.filter(|address| !address.is_unspecified());
            let here = bound.map_or_else(|| local.contains(&original.destination), |at| at == original.destination);
            here && original.destination_port == *host_port && reply.source != *target
        }
        _ => false,
    };
    for ipv4 in [true, false] {
        let is_udp = |rule: &&Rule| matches!(rule.effect, Effect::Publish { protocol: Protocol::Udp, target, .. } if target.is_ipv4() == ipv4);
        let flows: Vec<&Rule> = came.iter().filter(is_udp).collect();
        if !flows.is_empty() {
            let is_it =
                |entry: &Entry| entry.original.protocol == protocol && flows.iter().any(|rule| goes_there(rule, entry));
            cut(channel, Query::Of { ipv4, protocol }, is_it)?;
        }
    }
    Ok(())
}

/// How many connections are tracked in this network namespace; none where the kernel tracks nothing yet.
fn tracked() -> usize {
    let count = fs::read_to_string("/proc/sys/net/netfilter/nf_conntrack_count").unwrap_or_default();
    count.trim().parse().unwrap_or_default()
}

fn four(address: &IpAddr) -> Option<Ipv4Addr> {
    match address {
        IpAddr::V4(address) => Some(*address),
        IpAddr::V6(_) => None,
    }
}

fn cut(channel: &mut Channel, query: Query, is_it: impl Fn(&Entry) -> bool) -> Result<(), Failure> {
    let request = Request { kind: GET, flags: libc::NLM_F_DUMP, body: query.body() };
    let found = channel.request(&request)?;
    for entry in found.iter().filter_map(|message| read(&message.body)).filter(is_it) {
        match channel.request(&Request { kind: DELETE, flags: 0, body: entry.body }) {
            Err(failure) if !failure.is(libc::ENOENT) => return Err(failure),
            _ => {}
        }
    }
    Ok(())
}

impl Query {
    fn body(self) -> Body {
        match self {
            Self::OpenedBy(address) => {
                head(true).nest(CTA_TUPLE_ORIG, source(address)).nest(CTA_FILTER, filter(BY_SOURCE, 0))
            }
            Self::AnsweredBy(address) => {
                head(true).nest(CTA_TUPLE_REPLY, source(address)).nest(CTA_FILTER, filter(0, BY_SOURCE))
            }
            Self::Of { ipv4, protocol } => {
                let tuple = Body::default().nest(CTA_TUPLE_PROTO, Body::default().put(CTA_PROTO_NUM, &[protocol]));
                head(ipv4).nest(CTA_TUPLE_ORIG, tuple).nest(CTA_FILTER, filter(BY_PROTOCOL, 0))
            }
            Self::All => about(UNSPECIFIED),
            Self::Six => head(false),
        }
    }
}

fn head(ipv4: bool) -> Body {
    about(if ipv4 { IPV4 } else { IPV6 })
}

fn source(address: Ipv4Addr) -> Body {
    Body::default().nest(CTA_TUPLE_IP, Body::default().put(CTA_IP_V4_SRC, &address.octets()))
}

fn filter(original: u32, reply: u32) -> Body {
    Body::default().number(CTA_FILTER_ORIG_FLAGS, original).number(CTA_FILTER_REPLY_FLAGS, reply)
}

fn read(body: &[u8]) -> Option<Entry> {
    let rest = body.get(HEAD..)?;
    let original = attribute(rest, CTA_TUPLE_ORIG)?;
    let reply = tuple(attribute(rest, CTA_TUPLE_REPLY)?)?;
    let known = [CTA_ID, CTA_ZONE].into_iter().filter_map(|kind| Some((kind, attribute(rest, kind)?)));
    let nested = Body::header(body.get(..HEAD)?).nest(CTA_TUPLE_ORIG, Body::header(original));
    let body = known.fold(nested, |body, (kind, value)| body.put(kind, value));
    Some(Entry { original: tuple(original)?, reply, body })
}

fn tuple(bytes: &[u8]) -> Option<Tuple> {
    let (ends, protocol) = (attribute(bytes, CTA_TUPLE_IP)?, attribute(bytes, CTA_TUPLE_PROTO)?);
    let address = |four, six| match attribute(ends, four) {
        Some(value) => Some(IpAddr::from(<[u8; 4]>::try_from(value).ok()?)),
        None => Some(IpAddr::from(<[u8; 16]>::try_from(attribute(ends, six)?).ok()?)),
    };
    // Protocols without ports have none.
    let port = |kind| {
        let value = attribute(protocol, kind).and_then(|value| value.try_into().ok());
        value.map(u16::from_be_bytes).unwrap_or_default()
    };
    Some(Tuple {
        source: address(CTA_IP_V4_SRC, CTA_IP_V6_SRC)?,
        destination: address(CTA_IP_V4_DST, CTA_IP_V6_DST)?,
        protocol: *attribute(protocol, CTA_PROTO_NUM)?.first()?,
        source_port: port(CTA_PROTO_SRC_PORT),
        destination_port: port(CTA_PROTO_DST_PORT),
    })
}
