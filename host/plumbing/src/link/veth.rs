//! Container links: made, and unmade where making them fails.

use std::io;

use plan::InterfaceName;

use super::message::{expect, link};
use super::sysctl::{Family, Sysctl};
use super::{LinkError, VethSpec};
use crate::netlink::{Body, Channel, Request};

/// In `linux/veth.h`; the C library does not have it.
const VETH_INFO_PEER: u16 = 1;
/// In `linux/if_link.h`.
const IFLA_INET6_ADDR_GEN_MODE: u16 = 8;
const IN6_ADDR_GEN_MODE_NONE: u8 = 1;

/// Makes a pair, the host's end up from the first moment: ovs-vswitchd, which may see it at once, reads a link's flags,
/// adds its own and writes them back, and would take it down again. The alias, which the kernel ignores in the message
/// that makes a link, comes with the next one. Nothing of IPv6 can happen in between: the container's end is down, so
/// there is no carrier.
pub(super) fn add(channel: &mut Channel, veth: &VethSpec) -> Result<(), LinkError> {
    let flags = libc::NLM_F_CREATE | libc::NLM_F_EXCL;
    let request = Request { kind: libc::RTM_NEWLINK, flags, body: pair(veth) };
    channel.request(&request).map_err(LinkError::refused("add", &veth.name))?;
    let finished = finish(channel, veth);
    if finished.is_err() {
        delete(channel, &veth.name)?;
    }
    finished
}

/// Removes a link; that it is gone is fine.
pub(super) fn delete(channel: &mut Channel, name: &InterfaceName) -> Result<(), LinkError> {
    let body = link(0, false).text(libc::IFLA_IFNAME, name);
    match channel.request(&Request { kind: libc::RTM_DELLINK, flags: 0, body }) {
        Err(failure) if !failure.is(libc::ENODEV) => Err(LinkError::refused("delete", name)(failure)),
        _ => Ok(()),
    }
}

fn pair(veth: &VethSpec) -> Body {
    let mtu = |body: Body| match veth.mtu {
        Some(mtu) => body.number(libc::IFLA_MTU, mtu.into()),
        None => body,
    };
    let peer = mtu(link(0, false)).text(libc::IFLA_IFNAME, &veth.peer).put(libc::IFLA_ADDRESS, &veth.mac.0);
    let data = Body::default().nest(VETH_INFO_PEER, peer);
    let info = Body::default().text(libc::IFLA_INFO_KIND, "veth").nest(libc::IFLA_INFO_DATA, data);
    mtu(link(0, true)).text(libc::IFLA_IFNAME, &veth.name).nest(libc::IFLA_LINKINFO, info)
}

fn finish(channel: &mut Channel, veth: &VethSpec) -> Result<(), LinkError> {
    silence(&veth.name).map_err(|error| LinkError::refused("configure", &veth.name)(error.into()))?;
    let index = expect(channel, &veth.name)?.index;
    let inet6 = Body::default().put(IFLA_INET6_ADDR_GEN_MODE, &[IN6_ADDR_GEN_MODE_NONE]);
    let families = Body::default().nest(libc::AF_INET6 as u16, inet6);
    let mut body = link(index, true).text(libc::IFLA_IFALIAS, &veth.alias);
    if Sysctl::of(Family::V6, &veth.name).is_there() {
        body = body.nest(libc::IFLA_AF_SPEC, families);
    }
    let request = Request { kind: libc::RTM_SETLINK, flags: 0, body };
    channel.request(&request).map_err(LinkError::refused("configure", &veth.name))?;
    Ok(())
}

/// The host only carries the link: it must not speak on it.
fn silence(name: &InterfaceName) -> io::Result<()> {
    Sysctl::of(Family::V4, name).set("forwarding", "0")?;
    Sysctl::of(Family::V6, name).set("disable_ipv6", "1")
}
