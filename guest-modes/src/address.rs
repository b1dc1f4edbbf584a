//! Arithmetic on addresses that modes need and `ipnet` does not have.

use std::net::IpAddr;

use ipnet::IpNet;

/// What else can be asked of a pool.
pub trait Pool {
    /// The nth address of the pool: 0 is the network's address, -1 the last (IPv4: the broadcast) address. None where
    /// the pool is too small.
    ///
    /// ```
    /// use guest_modes::{IpNet, Pool};
    /// let pool: IpNet = "10.1.0.0/24".parse()?;
    /// assert_eq!(pool.nth(1), Some("10.1.0.1".parse()?));
    /// assert_eq!(pool.nth(-2), Some("10.1.0.254".parse()?));
    /// assert_eq!(pool.nth(256), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn nth(&self, index: i128) -> Option<IpAddr>;

    /// Whether it is the pool of everything (`0.0.0.0/0`, `::/0`), which Docker's `null` IPAM driver hands out: there
    /// is no pool then.
    fn is_everything(&self) -> bool;
}

impl Pool for IpNet {
    fn nth(&self, index: i128) -> Option<IpAddr> {
        let (base, end) = if index < 0 { (self.broadcast(), index + 1) } else { (self.network(), index) };
        let address = match base {
            IpAddr::V4(base) => IpAddr::V4(u32::try_from(i128::from(base.to_bits()).checked_add(end)?).ok()?.into()),
            IpAddr::V6(base) => {
                let distance = end.unsigned_abs();
                let bits = base.to_bits();
                IpAddr::V6(if end < 0 { bits.checked_sub(distance)? } else { bits.checked_add(distance)? }.into())
            }
        };
        self.contains(&address).then_some(address)
    }

    fn is_everything(&self) -> bool {
        self.prefix_len() == 0 && self.network().is_unspecified()
    }
}

/// Whether two addresses are of one family.
#[must_use]
pub fn same_family(one: IpAddr, other: IpAddr) -> bool {
    one.is_ipv4() == other.is_ipv4()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nth(pool: &str, index: i128) -> Option<String> {
        pool.parse::<IpNet>().unwrap().nth(index).map(|address| address.to_string())
    }

    #[test]
    fn counting_starts_at_both_ends() {
        assert_eq!(nth("10.1.0.77/24", 0).as_deref(), Some("10.1.0.0"));
        assert_eq!(nth("10.1.0.0/24", -1).as_deref(), Some("10.1.0.255"));
        assert_eq!(nth("fd00::/64", 1).as_deref(), Some("fd00::1"));
        assert_eq!(nth("fd00::/64", -1).as_deref(), Some("fd00::ffff:ffff:ffff:ffff"));
    }

    #[test]
    fn counting_stays_in_the_pool() {
        assert_eq!(nth("10.1.0.0/24", 256), None);
        assert_eq!(nth("10.1.0.0/24", -257), None);
        assert_eq!(nth("255.255.255.0/24", i128::MAX), None);
        assert_eq!(nth("ffff::/16", i128::MIN), None);
        assert_eq!(nth("10.1.0.7/32", 0).as_deref(), Some("10.1.0.7"));
    }

    #[test]
    fn the_pool_of_everything_is_none() {
        assert!("0.0.0.0/0".parse::<IpNet>().unwrap().is_everything());
        assert!("::/0".parse::<IpNet>().unwrap().is_everything());
        assert!(!"10.0.0.0/8".parse::<IpNet>().unwrap().is_everything());
    }
}
