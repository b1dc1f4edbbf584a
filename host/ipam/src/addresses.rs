//! Which addresses of a subnet can be given, and which of them is next.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::pool::Use;

/// Addresses that can be given, as numbers; IPv4 and IPv6 apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    first: u128,
    last: u128,
    v4: bool,
}

impl Span {
    /// What can be given of a part of a subnet. Its network's and its broadcast address cannot, nor the address of IPv6 that
    /// means its routers (RFC 4291); of the smallest subnets, which have none of these (RFC 3021, RFC 6164), all can.
    pub(crate) fn of(subnet: IpNet, part: IpNet) -> Self {
        let bits = |net: &IpNet| (number(net.network()), number(net.broadcast()));
        let (network, broadcast) = bits(&subnet);
        let (mut first, mut last) = bits(&part);
        if subnet.max_prefix_len() - subnet.prefix_len() > 1 {
            first = first.max(network + 1);
            last = if subnet.addr().is_ipv4() { last.min(broadcast - 1) } else { last };
        }
        Self { first, last, v4: subnet.addr().is_ipv4() }
    }

    /// Whether an address can be given.
    pub(crate) fn contains(self, address: IpAddr) -> bool {
        address.is_ipv4() == self.v4 && (self.first..=self.last).contains(&number(address))
    }

    /// The first free address from `start` on, and then from the beginning.
    pub(crate) fn free(self, taken: &BTreeMap<IpAddr, Use>, start: Option<IpAddr>) -> Option<IpAddr> {
        let start = start.filter(|start| self.contains(*start)).map_or(self.first, number);
        let ahead = (start..=self.last).chain(self.first..start);
        // Among so many different ones, one at least is free.
        let enough = taken.len().saturating_add(1);
        ahead.take(enough).map(|number| self.address(number)).find(|address| !taken.contains_key(address))
    }

    /// The address behind another one; none behind the last.
    pub(crate) fn after(self, address: IpAddr) -> Option<IpAddr> {
        number(address).checked_add(1).filter(|next| *next <= self.last).map(|next| self.address(next))
    }

    /// Any of them; each as likely as the others.
    pub(crate) fn any(self) -> Option<IpAddr> {
        (self.first <= self.last).then(|| self.address(rand::random_range(self.first..=self.last)))
    }

    /// How many there are; at most what fits.
    pub(crate) fn len(self) -> u64 {
        let count = (self.last + 1).saturating_sub(self.first);
        u64::try_from(count).unwrap_or(u64::MAX)
    }

    fn address(self, number: u128) -> IpAddr {
        match u32::try_from(number) {
            Ok(number) if self.v4 => Ipv4Addr::from(number).into(),
            _ => Ipv6Addr::from(number).into(),
        }
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::pool::Role;

    fn span(subnet: &str, part: &str) -> Span {
        Span::of(subnet.parse().unwrap(), part.parse().unwrap())
    }

    fn taken(addresses: &[&str]) -> BTreeMap<IpAddr, Use> {
        let shared = Use::Shared { role: Role::Gateway, claims: BTreeSet::new() };
        addresses.iter().map(|address| (address.parse().unwrap(), shared.clone())).collect()
    }

    #[test]
    fn what_is_no_hosts_is_not_given() {
        let cases = [
            ("10.1.0.0/24", "10.1.0.0/24", "10.1.0.1", 254),
            ("10.1.0.0/24", "10.1.0.128/25", "10.1.0.128", 127),
            ("10.1.0.0/31", "10.1.0.0/31", "10.1.0.0", 2),
            ("10.1.0.7/32", "10.1.0.7/32", "10.1.0.7", 1),
            ("fd00::/64", "fd00::/64", "fd00::1", u64::MAX),
            ("fd00::/64", "fd00::100/120", "fd00::100", 256),
            ("fd00::/127", "fd00::/127", "fd00::", 2),
        ];
        for (subnet, part, first, count) in cases {
            let span = span(subnet, part);
            assert_eq!(span.free(&BTreeMap::new(), None), Some(first.parse().unwrap()), "{subnet} {part}");
            assert_eq!(span.len(), count, "{subnet} {part}");
        }
        assert!(!span("10.1.0.0/24", "10.1.0.0/24").contains("10.1.0.255".parse().unwrap()));
        assert!(!span("10.1.0.0/24", "10.1.0.0/24").contains("::1".parse().unwrap()));
    }

    #[test]
    fn after_the_last_one_it_begins_again() {
        let span = span("10.1.0.0/29", "10.1.0.0/29");
        let held = taken(&["10.1.0.1", "10.1.0.5", "10.1.0.6"]);
        assert_eq!(span.free(&held, Some("10.1.0.5".parse().unwrap())), Some("10.1.0.2".parse().unwrap()));
        let all: Vec<_> = (1..=6).map(|last| format!("10.1.0.{last}")).collect();
        let all: Vec<_> = all.iter().map(String::as_str).collect();
        assert_eq!(span.free(&taken(&all), None), None);
        assert_eq!(span.after("10.1.0.6".parse().unwrap()), None);
    }

    proptest! {
        /// Whatever is taken, a free address is found as long as there is one, and never one that is taken.
        #[test]
        fn a_free_one_is_found(prefix in 24u8..=31, held in prop::collection::btree_set(0u32..256, 0..256), at in 0u32..256) {
            let subnet: IpNet = format!("10.0.0.0/{prefix}").parse().unwrap();
            let span = Span::of(subnet, subnet);
            let address = |last: u32| IpAddr::from(Ipv4Addr::from(0x0a00_0000 + last));
            let shared = Use::Shared { role: Role::Gateway, claims: BTreeSet::new() };
            let held: BTreeMap<_, _> = held.into_iter().map(|last| (address(last), shared.clone())).collect();
            let free = (0..256).map(address).filter(|it| span.contains(*it) && !held.contains_key(it)).count();
            match span.free(&held, Some(address(at))) {
                Some(found) => prop_assert!(span.contains(found) && !held.contains_key(&found)),
                None => prop_assert_eq!(free, 0),
            }
        }

        #[test]
        fn any_is_one_of_them(prefix in 20u8..=128) {
            let subnet: IpNet = format!("fd00::/{prefix}").parse().unwrap();
            let span = Span::of(subnet, subnet);
            prop_assert!(span.contains(span.any().unwrap()));
        }
    }
}
