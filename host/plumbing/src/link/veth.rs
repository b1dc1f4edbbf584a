//! Container links: made, and unmade where making them fails.

use std::io;

use plan::InterfaceName;

use super::message::link;
use super::sysctl::{Family, Sysctl};
use super::{LinkError, VethSpec};
use crate::netlink::{Body, Channel, Request};

/// In `linux/veth.h`; the C library does not have it.
const VETH_INFO_PEER: u16 = 1;
/// In `linux/if_link.h`.
const IFLA_INET6_ADDR_GEN_MODE: u16 = 8;
const IN6_ADDR_GEN_MODE_NONE: u8 = 1;
const IFLA_INET_CONF: u16 = 1;
/// In `linux/ip.h`.
const IPV4_DEVCONF_FORWARDING: u16 = 1;

/// Makes a pair, the host's end up from the first moment: ovs-vswitchd, which may see it at once, reads a link's flags,
/// adds its own and writes them back, and would take it down again.
pub(super) fn add(channel: &mut Channel, veth: &VethSpec) -> Result<(), LinkError> {
    let flags = libc::NLM_F_CREATE | libc::NLM_F_EXCL;
    let request = Request { kind: libc::RTM_NEWLINK, flags, body: pair(veth) };
    channel.request(&request).map(|_| ()).map_err(LinkError::refused("add", &veth.name))
}

/// What the kernel ignores in the message that makes a link: its alias, and that the host, which only carries it, has no
/// address on it and forwards nothing from it. Nothing of IPv6 can have happened before: the container's end is down, so
/// there is no carrier.
pub(super) fn finish(channel: &mut Channel, veth: &VethSpec) -> Result<(), LinkError> {
    let failed = LinkError::refused("configure", &veth.name);
    let silent = Body::default().nest(IFLA_INET_CONF, Body::default().number(IPV4_DEVCONF_FORWARDING, 0));
    let mut families = Body::default().nest(libc::AF_INET as u16, silent);
    if Sysctl::of(Family::V6, &veth.name).is_there() {
        let alone = Body::default().put(IFLA_INET6_ADDR_GEN_MODE, &[IN6_ADDR_GEN_MODE_NONE]);
        families = families.nest(libc::AF_INET6 as u16, alone);
    }
    let body = link(0, false)
        .text(libc::IFLA_IFNAME, &veth.name)
        .text(libc::IFLA_IFALIAS, &veth.alias)
        .nest(libc::IFLA_AF_SPEC, families);
    channel.request(&Request { kind: libc::RTM_SETLINK, flags: 0, body }).map(|_| ()).map_err(failed)
}

/// Has the host do no IPv6 at all on a link.
pub(super) fn silence(name: &InterfaceName) -> io::Result<()> {
    Sysctl::of(Family::V6, name).set("disable_ipv6", "1")
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
