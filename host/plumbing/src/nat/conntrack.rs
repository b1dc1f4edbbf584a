//! What the kernel tracks of connections, over ctnetlink. A tracked connection keeps its translation: a UDP flow that
//! never pauses would stay with a container that is gone, or with nobody.

use std::net::{IpAddr, Ipv4Addr};

use plan::Protocol;

use super::rule::{Effect, Rule};
use crate::netlink::{Body, Channel, Failure, Request, attribute};

const SUBSYSTEM: u16 = 1 << 8;
const GET: u16 = SUBSYSTEM | 1;
const DELETE: u16 = SUBSYSTEM | 2;
/// `struct nfgenmsg`.
const HEAD: usize = 4;
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
const BY_DESTINATION_PORT: u32 = 1 << 5;

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

/// Which connections to look at: at least these, out of many. The kernel sorts them out where it can.
enum Query {
    /// That an address opened.
    OpenedBy(IpAddr),
    /// That an address answers.
    AnsweredBy(IpAddr),
    /// Towards a port.
    Towards { ipv4: bool, protocol: u8, port: u16 },
}

/// Cuts all connections from and to some addresses.
pub(super) fn forget(channel: &mut Channel, addresses: &[IpAddr]) -> Result<(), Failure> {
    for address in addresses {
        cut(channel, &Query::OpenedBy(*address), |entry| entry.original.source == *address)?;
        cut(channel, &Query::AnsweredBy(*address), |entry| entry.reply.source == *address)?;
    }
    Ok(())
}

/// Cuts the connections over a published port that goes.
pub(super) fn unpublish(channel: &mut Channel, rule: &Rule) -> Result<(), Failure> {
    let Effect::Publish { protocol, target, target_port, .. } = &rule.effect else { return Ok(()) };
    cut(channel, &Query::AnsweredBy(*target), |entry| {
        let by = entry.reply;
        (by.source, by.protocol, by.source_port) == (*target, super::protocol_number(*protocol), *target_port)
    })
}

/// Cuts flows towards a published port that comes, so that they find it: of UDP, whose flows need not begin anew. `local`
/// are the host's addresses.
pub(super) fn publish(channel: &mut Channel, rule: &Rule, local: &[IpAddr]) -> Result<(), Failure> {
    let Effect::Publish { protocol: Protocol::Udp, host_address, host_port, target, .. } = &rule.effect else {
        return Ok(());
    };
    let protocol = super::protocol_number(Protocol::Udp);
    let query = Query::Towards { ipv4: target.is_ipv4(), protocol, port: *host_port };
    let bound = host_address.filter(|address| !address.is_unspecified());
    cut(channel, &query, |entry| {
        let to = entry.original;
        let here = bound.map_or_else(|| local.contains(&to.destination), |bound| bound == to.destination);
        here && (to.protocol, to.destination_port) == (protocol, *host_port) && entry.reply.source != *target
    })
}

fn cut(channel: &mut Channel, query: &Query, is_it: impl Fn(&Entry) -> bool) -> Result<(), Failure> {
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
    fn body(&self) -> Body {
        match self {
            // Linux (seen on 6.18) compares IPv6 addresses the wrong way round: it shows all but what was asked for.
            Self::OpenedBy(IpAddr::V6(_)) | Self::AnsweredBy(IpAddr::V6(_)) => head(false),
            Self::OpenedBy(IpAddr::V4(address)) => {
                head(true).nest(CTA_TUPLE_ORIG, source(*address)).nest(CTA_FILTER, filter(BY_SOURCE, 0))
            }
            Self::AnsweredBy(IpAddr::V4(address)) => {
                head(true).nest(CTA_TUPLE_REPLY, source(*address)).nest(CTA_FILTER, filter(0, BY_SOURCE))
            }
            Self::Towards { ipv4, protocol, port } => {
                let to = Body::default().put(CTA_PROTO_NUM, &[*protocol]).put(CTA_PROTO_DST_PORT, &port.to_be_bytes());
                let tuple = Body::default().nest(CTA_TUPLE_PROTO, to);
                let flags = filter(BY_PROTOCOL | BY_DESTINATION_PORT, 0);
                head(*ipv4).nest(CTA_TUPLE_ORIG, tuple).nest(CTA_FILTER, flags)
            }
        }
    }
}

fn head(ipv4: bool) -> Body {
    let [family, ..] = (if ipv4 { libc::AF_INET } else { libc::AF_INET6 }).to_le_bytes();
    Body::header(&[family, 0, 0, 0])
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
