//! Generic netlink: whether the kernel has Open vSwitch's datapath, and the offloads of a link.

use plan::InterfaceName;

use super::LinkError;
use crate::netlink::{Body, Channel, Failure, Request, attribute};

/// The family of Open vSwitch's kernel datapath.
pub(super) const DATAPATH: &str = "ovs_datapath";

/// `struct genlmsghdr`.
const HEAD: usize = 4;
const ETHTOOL_MSG_FEATURES_SET: u8 = 12;
const ETHTOOL_A_FEATURES_HEADER: u16 = 1;
const ETHTOOL_A_FEATURES_WANTED: u16 = 3;
const ETHTOOL_A_HEADER_DEV_NAME: u16 = 2;
const ETHTOOL_A_HEADER_FLAGS: u16 = 3;
const ETHTOOL_FLAG_OMIT_REPLY: u32 = 2;
const ETHTOOL_A_BITSET_BITS: u16 = 3;
const ETHTOOL_A_BITSET_BITS_BIT: u16 = 1;
const ETHTOOL_A_BITSET_BIT_NAME: u16 = 2;

/// The id of a family; none: the kernel does not have it, even after it looked for a module.
pub(super) fn family(channel: &mut Channel, name: &str) -> Result<Option<u16>, Failure> {
    let kind = u16::try_from(libc::GENL_ID_CTRL).unwrap_or_default();
    let command = u8::try_from(libc::CTRL_CMD_GETFAMILY).unwrap_or_default();
    let body = head(command).text(libc::CTRL_ATTR_FAMILY_NAME as u16, name);
    match channel.request(&Request { kind, flags: 0, body }) {
        Ok(messages) => Ok(messages.iter().find_map(|message| {
            let id = attribute(message.body.get(HEAD..)?, libc::CTRL_ATTR_FAMILY_ID as u16)?;
            Some(u16::from_ne_bytes(id.get(..2)?.try_into().ok()?))
        })),
        Err(failure) if failure.is(libc::ENOENT) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Has a link's sender compute checksums, as `ethtool -K NAME tx off` does. ovs-vswitchd's datapath takes frames out of
/// the kernel as they are, and drops those whose checksum was left to a device that is not there. It survives the move
/// into a container.
pub(super) fn checksums_in_software(
    channel: &mut Channel,
    known: &mut Option<u16>,
    name: &InterfaceName,
) -> Result<(), LinkError> {
    let failed = LinkError::refused("turn off checksum offload of", name);
    let id = match *known {
        Some(id) => id,
        None => {
            let absent = || Failure { reason: "the kernel has no ethtool netlink".to_owned(), source: unsupported() };
            *known.insert(family(channel, "ethtool").map_err(&failed)?.ok_or_else(absent).map_err(&failed)?)
        }
    };
    let bits = ["tx-checksum-ip-generic", "tx-checksum-sctp"].iter().fold(Body::default(), |bits, feature| {
        bits.nest(ETHTOOL_A_BITSET_BITS_BIT, Body::default().text(ETHTOOL_A_BITSET_BIT_NAME, feature))
    });
    let link =
        Body::default().text(ETHTOOL_A_HEADER_DEV_NAME, name).number(ETHTOOL_A_HEADER_FLAGS, ETHTOOL_FLAG_OMIT_REPLY);
    let body = head(ETHTOOL_MSG_FEATURES_SET)
        .nest(ETHTOOL_A_FEATURES_HEADER, link)
        .nest(ETHTOOL_A_FEATURES_WANTED, Body::default().nest(ETHTOOL_A_BITSET_BITS, bits));
    channel.request(&Request { kind: id, flags: 0, body }).map(|_| ()).map_err(failed)
}

fn unsupported() -> std::io::Error {
    std::io::Error::from_raw_os_error(libc::EOPNOTSUPP)
}

fn head(command: u8) -> Body {
    Body::header(&[command, 1, 0, 0])
}
