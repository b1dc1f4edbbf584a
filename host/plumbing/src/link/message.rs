//! rtnetlink's messages about links.

use plan::{InterfaceName, MacAddress};

use super::{Link, LinkError};
use crate::netlink::{Body, Channel, Message, Request, attribute, attributes, number, text};

/// `struct ifinfomsg`.
pub(super) const HEAD: usize = 16;
/// `RTEXT_FILTER_SKIP_STATS`: what every link has counted on every processor is most of the work of a list.
const WITHOUT_STATISTICS: u32 = 1 << 3;

/// A message about a link, by index (0: by the name among its attributes), with flags to set (`IFF_*`).
pub(super) fn link(index: u32, up: bool) -> Body {
    let flag = if up { libc::IFF_UP.cast_unsigned() } else { 0 };
    Body::header(&[[0; 4], index.to_ne_bytes(), flag.to_ne_bytes(), flag.to_ne_bytes()].concat())
}

/// The link of a name.
pub(super) fn get(channel: &mut Channel, name: &InterfaceName) -> Result<Option<Link>, LinkError> {
    let body = link(0, false).text(libc::IFLA_IFNAME, name);
    match channel.request(&Request { kind: libc::RTM_GETLINK, flags: 0, body }) {
        Ok(messages) => Ok(messages.iter().find_map(read)),
        Err(failure) if failure.is(libc::ENODEV) => Ok(None),
        Err(failure) => Err(LinkError::refused("look up", name)(failure)),
    }
}

/// The link of a name, which has to be there.
pub(super) fn expect(channel: &mut Channel, name: &InterfaceName) -> Result<Link, LinkError> {
    get(channel, name)?.ok_or_else(|| LinkError::Absent { name: name.to_string() })
}

/// All links.
pub(super) fn list(channel: &mut Channel) -> Result<Vec<Link>, LinkError> {
    Ok(dump(channel)?.iter().filter_map(read).collect())
}

/// All links as the kernel tells them, but for what they counted.
pub(super) fn dump(channel: &mut Channel) -> Result<Vec<Message>, LinkError> {
    let body = link(0, false).number(libc::IFLA_EXT_MASK, WITHOUT_STATISTICS);
    let request = Request { kind: libc::RTM_GETLINK, flags: libc::NLM_F_DUMP, body };
    channel.request(&request).map_err(|failure| LinkError::netlink("list of links", failure.source))
}

/// Reads a link out of a message about one.
pub(super) fn read(message: &Message) -> Option<Link> {
    if message.kind != libc::RTM_NEWLINK || message.body.first() != Some(&0) {
        return None; // family bridge: a link as a port, not a link
    }
    let mut found = Link { index: number(message.body.get(4..8)?)?, ..Link::default() };
    found.up = number(message.body.get(8..12)?)? & libc::IFF_UP.cast_unsigned() != 0;
    for (kind, value) in attributes(message.body.get(HEAD..)?) {
        match kind {
            libc::IFLA_IFNAME => found.name = text(value),
            libc::IFLA_IFALIAS => found.alias = text(value),
            libc::IFLA_MTU => found.mtu = number(value)?,
            libc::IFLA_ADDRESS => found.mac = <[u8; 6]>::try_from(value).ok().map(MacAddress),
            libc::IFLA_LINKINFO => found.kind = attribute(value, libc::IFLA_INFO_KIND).map(text).unwrap_or_default(),
            _ => {}
        }
    }
    Some(found)
}
