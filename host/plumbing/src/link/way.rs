//! How a packet would leave the host.

use std::net::IpAddr;

use super::LinkError;
use super::route::{HEAD, bytes};
use crate::netlink::{Body, Channel, Request, attribute, number};

/// The answers of a kernel that has no way.
const NOWHERE: [libc::c_int; 4] = [libc::ENETUNREACH, libc::EHOSTUNREACH, libc::EACCES, libc::EINVAL];

/// Where a route leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leads {
    /// To this host itself.
    Here,
    /// Out of the link of this index.
    Through(u32),
    /// There is none.
    Nowhere,
}

/// Asks the kernel for the route to an address.
pub(super) fn look_up(channel: &mut Channel, to: IpAddr) -> Result<Leads, LinkError> {
    let [family, ..] = if to.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 }.to_le_bytes();
    let mut head = [0; HEAD];
    (head[0], head[1]) = (family, if to.is_ipv4() { 32 } else { 128 });
    let body = Body::header(&head).put(libc::RTA_DST, &bytes(to));
    let messages = match channel.request(&Request { kind: libc::RTM_GETROUTE, flags: 0, body }) {
        Ok(messages) => messages,
        Err(failure) if NOWHERE.iter().any(|number| failure.is(*number)) => return Ok(Leads::Nowhere),
        Err(failure) => return Err(LinkError::netlink("look-up of a route", failure.source)),
    };
    Ok(messages.iter().find_map(|message| read(&message.body)).unwrap_or(Leads::Nowhere))
}

fn read(body: &[u8]) -> Option<Leads> {
    match *body.get(7)? {
        libc::RTN_LOCAL => Some(Leads::Here),
        libc::RTN_UNICAST => attribute(body.get(HEAD..)?, libc::RTA_OIF).and_then(number).map(Leads::Through),
        _ => Some(Leads::Nowhere),
    }
}
