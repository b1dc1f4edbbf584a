//! What all of netfilter's messages have in common.

use crate::netlink::Body;

/// The subsystem of connection tracking, in the upper half of a message's kind.
pub(super) const CONNTRACK: u16 = 1 << 8;
/// That of nftables.
pub(super) const NF_TABLES: u16 = 10 << 8;
/// The size of `struct nfgenmsg`, which a message begins with.
pub(super) const HEAD: usize = 4;

/// Every family.
pub(super) const UNSPECIFIED: u8 = 0;
/// `NFPROTO_INET`: tables for IPv4 and IPv6 together.
pub(super) const INET: u8 = 1;
/// `NFPROTO_IPV4`, as `AF_INET`.
pub(super) const IPV4: u8 = 2;
/// `NFPROTO_ARP`.
pub(super) const ARP: u8 = 3;
/// `NFPROTO_IPV6`, as `AF_INET6`.
pub(super) const IPV6: u8 = 10;

/// A message about a family.
pub(super) fn about(family: u8) -> Body {
    Body::header(&[family, 0, 0, 0])
}
