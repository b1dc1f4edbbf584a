//! Internal ports: the host's foot in a network.

use std::io;
use std::net::IpAddr;

use ipnet::IpNet;
use plan::InterfaceName;

use super::message::{expect, link};
use super::sysctl::{Family, Sysctl};
use super::{Configuration, Link, LinkError, route};
use crate::netlink::{Body, Channel, Request, attribute, number};

/// `struct ifaddrmsg`.
const ADDRESS_HEAD: usize = 8;
/// No duplicate address detection: the address is the network's gateway, and must work at once.
const IFA_F_NODAD: u32 = 0x02;

/// Brings a port up with what it is to have.
pub(super) fn configure(channel: &mut Channel, name: &InterfaceName, wanted: &Configuration) -> Result<(), LinkError> {
    let port = expect(channel, name)?;
    harden(name, wanted).map_err(|error| LinkError::refused("configure", name)(error.into()))?;
    up(channel, name, wanted.mtu)?;
    for address in &wanted.addresses {
        add_address(channel, &port, address)?;
    }
    wanted.routes.iter().try_for_each(|route| route::add(channel, &port, route).map(|_| ()))
}

/// Brings a link up, with an MTU where one is given.
pub(super) fn up(channel: &mut Channel, name: &InterfaceName, mtu: Option<u16>) -> Result<(), LinkError> {
    let mut body = link(0, true).text(libc::IFLA_IFNAME, name);
    if let Some(mtu) = mtu {
        body = body.number(libc::IFLA_MTU, mtu.into());
    }
    let request = Request { kind: libc::RTM_SETLINK, flags: 0, body };
    channel.request(&request).map(|_| ()).map_err(LinkError::refused("bring up", name))
}

/// In words, the first thing that a port does not have of what it is to have.
pub(super) fn difference(
    channel: &mut Channel,
    name: &InterfaceName,
    wanted: &Configuration,
) -> Result<Option<String>, LinkError> {
    let port = expect(channel, name)?;
    if !port.up {
        return Ok(Some("it is down".to_owned()));
    }
    if let Some(mtu) = wanted.mtu.map(u32::from).filter(|mtu| *mtu != port.mtu) {
        return Ok(Some(format!("its MTU is {}, not {mtu}", port.mtu)));
    }
    let has = addresses(channel)?;
    let absent = wanted.addresses.iter().find(|address| !has.contains(&(port.index, **address)));
    if let Some(address) = absent {
        return Ok(Some(format!("it does not have the address {address}")));
    }
    let has = if wanted.routes.is_empty() { Vec::new() } else { route::list(channel, &port)? };
    let absent = wanted.routes.iter().find(|route| !route::is_among(route, &has));
    Ok(absent.map(|route| format!("it has no route to {} through {}", route.destination, route.next_hop)))
}

/// The addresses of all links, with the links' indexes.
pub(super) fn addresses(channel: &mut Channel) -> Result<Vec<(u32, IpNet)>, LinkError> {
    let body = Body::header(&[0; ADDRESS_HEAD]);
    let request = Request { kind: libc::RTM_GETADDR, flags: libc::NLM_F_DUMP, body };
    let messages =
        channel.request(&request).map_err(|failure| LinkError::netlink("list of addresses", failure.source))?;
    Ok(messages.iter().filter_map(|message| read_address(&message.body)).collect())
}

fn read_address(body: &[u8]) -> Option<(u32, IpNet)> {
    let index = number(body.get(4..8)?)?;
    let rest = body.get(ADDRESS_HEAD..)?;
    // On a point-to-point link IFA_ADDRESS is the other side.
    let value = attribute(rest, libc::IFA_LOCAL).or_else(|| attribute(rest, libc::IFA_ADDRESS))?;
    let address = match value.len() {
        4 => IpAddr::from(<[u8; 4]>::try_from(value).ok()?),
        _ => IpAddr::from(<[u8; 16]>::try_from(value).ok()?),
    };
    Some((index, IpNet::new(address, *body.get(1)?).ok()?))
}

fn add_address(channel: &mut Channel, port: &Link, address: &IpNet) -> Result<(), LinkError> {
    let (family, bytes) = match address.addr() {
        IpAddr::V4(address) => (libc::AF_INET, address.octets().to_vec()),
        IpAddr::V6(address) => (libc::AF_INET6, address.octets().to_vec()),
    };
    let [family, ..] = family.to_le_bytes();
    let [a, b, c, d] = port.index.to_ne_bytes();
    let head = [family, address.prefix_len(), 0, 0, a, b, c, d];
    let mut body = Body::header(&head).put(libc::IFA_LOCAL, &bytes).put(libc::IFA_ADDRESS, &bytes);
    if address.addr().is_ipv6() {
        body = body.number(libc::IFA_FLAGS, IFA_F_NODAD);
    }
    let flags = libc::NLM_F_CREATE | libc::NLM_F_REPLACE;
    channel
        .request(&Request { kind: libc::RTM_NEWADDR, flags, body })
        .map(|_| ())
        .map_err(LinkError::refused("add an address to", &port.name))
}

/// Containers must not steer the host: no router advertisements and no redirects are taken from them. A port without an
/// IPv6 address does no IPv6, so that nobody reaches the host over a link-local one.
fn harden(name: &InterfaceName, wanted: &Configuration) -> io::Result<()> {
    Sysctl::of(Family::V4, name).set("accept_redirects", "0")?;
    let six = Sysctl::of(Family::V6, name);
    for switch in ["accept_ra", "accept_redirects", "accept_dad"] {
        six.set(switch, "0")?;
    }
    let speaks = wanted.addresses.iter().any(|address| address.addr().is_ipv6());
    six.set("disable_ipv6", if speaks { "0" } else { "1" })
}
