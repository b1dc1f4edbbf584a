//! Address pools: none, some of either family, with and without a gateway, tiny and huge.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use plan::{Attribute, Subnet, Value};
use proptest::prelude::*;

/// Most pools of a network.
const POOLS: usize = 4;
/// Most reserved addresses of a pool.
const RESERVED: usize = 3;

/// A pool as it is drawn: numbers, so that the smaller ones are simpler.
#[derive(Clone, Debug)]
struct Drawn {
    ipv6: bool,
    length: Length,
    gateway: Option<u32>,
    reserved: Vec<u32>,
}

/// How long the prefix of a pool is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    /// As most people have it: 24, or 64.
    Usual,
    /// So many bits for stations.
    For(u8),
    /// What the null driver of addresses says: no pool at all. It has no IPv6.
    Everything,
}

/// The pools of a network.
pub(super) fn pools() -> impl Strategy<Value = Vec<Subnet>> {
    prop::collection::vec(drawn(), 0..=POOLS).prop_map(|drawn| {
        let mut subnets: Vec<Subnet> = (0..).zip(&drawn).map(|(index, drawn)| drawn.subnet(index)).collect();
        subnets.sort_by_key(|subnet| subnet.pool.addr().is_ipv6());
        subnets
    })
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let length = prop_oneof![
        12 => Just(Length::Usual),
        4 => (0..=24_u8).prop_map(Length::For),
        1 => Just(Length::Everything),
    ];
    let gateway = prop_oneof![1 => Just(None), 8 => Just(Some(1)), 1 => any::<u32>().prop_map(Some)];
    let reserved = prop::collection::vec(any::<u32>(), 0..=RESERVED);
    (prop::bool::weighted(0.4), length, gateway, reserved).prop_map(|(ipv6, length, gateway, reserved)| Drawn {
        ipv6,
        length,
        gateway,
        reserved,
    })
}

impl Drawn {
    /// The pool, in a part of the address space that no pool of another index is in.
    fn subnet(&self, index: u8) -> Subnet {
        let (base, usual, longest) = match self.ipv6 && self.length != Length::Everything {
            false => (IpAddr::V4(Ipv4Addr::new(10 + index, 0, 0, 0)), 24, 32),
            true => (IpAddr::V6(Ipv6Addr::new(0xfd00 + u16::from(index), 0, 0, 0, 0, 0, 0, 0)), 64, 128),
        };
        let pool = match self.length {
            Length::Usual => IpNet::new(base, usual),
            Length::For(bits) => IpNet::new(base, longest - bits),
            Length::Everything => IpNet::new(Ipv4Addr::UNSPECIFIED.into(), 0),
        };
        let pool = pool.expect("the lengths are those of the family");
        let at = |offset: u32| nth(&pool, offset);
        let gateway = self.gateway.map(at).filter(|address| is_station(&pool, *address));
        let gateway = gateway.and_then(|address| IpNet::new(address, pool.prefix_len()).ok());
        let name = |(index, offset): (usize, &u32)| Attribute::new(format!("aux{index}"), Value::Address(at(*offset)));
        Subnet { pool, gateway, auxiliary: self.reserved.iter().enumerate().map(name).collect() }
    }
}

/// Whether Docker would give an address of a pool to anybody: not that of the pool itself, nor its last one, and none of
/// the pool that is none.
pub(super) fn is_station(pool: &IpNet, address: IpAddr) -> bool {
    let host_bits = pool.max_prefix_len() - pool.prefix_len();
    pool.prefix_len() > 0 && (host_bits < 2 || (address != pool.network() && address != pool.broadcast()))
}

/// The address so far into a pool; counting begins again at its end.
pub(super) fn nth(pool: &IpNet, offset: u32) -> IpAddr {
    match pool {
        IpNet::V4(pool) => {
            let hosts = u64::from(u32::from(pool.hostmask())) + 1;
            let offset = u64::from(offset) % hosts;
            Ipv4Addr::from(u32::from(pool.network()).wrapping_add(u32::try_from(offset).unwrap_or(0))).into()
        }
        IpNet::V6(pool) => {
            let hosts = u128::from(pool.hostmask()).saturating_add(1);
            Ipv6Addr::from(u128::from(pool.network()).wrapping_add(u128::from(offset) % hosts)).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_counted_within_their_pool() {
        let small: IpNet = "10.0.0.0/30".parse().unwrap();
        assert_eq!((nth(&small, 1), nth(&small, 7)), ("10.0.0.1".parse().unwrap(), "10.0.0.3".parse().unwrap()));
        let everything: IpNet = "::/0".parse().unwrap();
        assert_eq!(nth(&everything, 9), "::9".parse::<IpAddr>().unwrap());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn pools_do_not_overlap_unless_one_is_everything(subnets in pools()) {
            let real: Vec<_> = subnets.iter().map(|subnet| subnet.pool).filter(|pool| pool.prefix_len() > 0).collect();
            for (index, pool) in real.iter().enumerate() {
                prop_assert!(real[..index].iter().all(|other| !other.contains(pool) && !pool.contains(other)));
            }
            prop_assert!(subnets.iter().flat_map(|subnet| subnet.gateway.map(|it| (it, subnet.pool))).all(|(it, pool)| pool.contains(&it)));
        }
    }
}
