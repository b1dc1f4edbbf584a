//! Subnets for networks that name none.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{Ipv4Addr, Ipv6Addr};

/// The subnets that are chosen from, the first one first: those that Docker's own address management chooses from. Docker
/// itself asks for another one where the host has a route to the one it is given.
pub(crate) fn ipv4() -> impl Iterator<Item = IpNet> {
    let wide = (17..=31).map(|second| (Ipv4Addr::new(172, second, 0, 0), 16));
    let narrow = (0..16).map(|third| (Ipv4Addr::new(192, 168, third * 16, 0), 20));
    wide.chain(narrow).filter_map(|(address, length)| Ipv4Net::new(address, length).ok()).map(IpNet::from)
}

/// How many are tried: of so many none is there twice, as good as surely.
const TRIES: usize = 8;

/// Local subnets of IPv6 that nobody else has (RFC 4193): made at random.
pub(crate) fn ipv6() -> impl Iterator<Item = IpNet> {
    let random = || {
        let bits: u64 = rand::random();
        let address = Ipv6Addr::from(u128::from((bits >> 8) | 0xfd00_0000_0000_0000) << 64);
        Ipv6Net::new(address, 64).ok().map(IpNet::from)
    };
    std::iter::repeat_with(random).take(TRIES).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_private_and_apart() {
        let all: Vec<_> = ipv4().collect();
        assert_eq!((all.len(), all[0].to_string()), (31, "172.17.0.0/16".to_owned()));
        assert_eq!(all[30].to_string(), "192.168.240.0/20");
        let apart = |one: usize, other: usize| one == other || !all[one].contains(&all[other].network());
        assert!((0..31).all(|one| (0..31).all(|other| apart(one, other))));
        let local: IpNet = "fd00::/8".parse().unwrap();
        assert!(ipv6().all(|subnet| local.contains(&subnet) && subnet.prefix_len() == 64));
        assert_ne!(ipv6().next(), ipv6().next());
    }
}
