//! What a pool is found by: a VRF and a subnet.

use std::fmt;
use std::str::FromStr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest name of a VRF, in characters: mode ovn takes the same names.
const LONGEST: usize = 64;
/// The name space of the rows' uuids; made once, at random.
const ROWS: Uuid = Uuid::from_u128(0x6d6a_5bd1_8f0e_4c55_9f7a_2f0c_41b0_77c3);

/// A name under which subnets are distinct: `--ipam-opt vrf=NAME`, `default` where none is said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Vrf(String);

/// Text that is no name of a VRF.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no name of a vrf: 1 to {LONGEST} letters, digits, '-', '_' and '.' are wanted")]
pub struct BadVrf(String);

impl Vrf {
    /// The VRF of whoever names none.
    #[must_use]
    pub fn default_one() -> Self {
        Self("default".to_owned())
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Vrf {
    type Err = BadVrf;

    fn from_str(text: &str) -> Result<Self, BadVrf> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        match (1..=LONGEST).contains(&text.len()) && text.bytes().all(plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(BadVrf(text.chars().take(LONGEST + 1).collect())),
        }
    }
}

impl TryFrom<String> for Vrf {
    type Error = BadVrf;

    fn try_from(text: String) -> Result<Self, BadVrf> {
        text.parse()
    }
}

impl From<Vrf> for String {
    fn from(vrf: Vrf) -> Self {
        vrf.0
    }
}

impl fmt::Display for Vrf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What hosts and networks share an address pool by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PoolKey {
    /// The VRF.
    pub vrf: Vrf,
    /// The subnet, host bits clear.
    pub subnet: IpNet,
}

impl PoolKey {
    /// The pool of a subnet, whose host bits do not matter.
    #[must_use]
    pub fn new(vrf: Vrf, subnet: IpNet) -> Self {
        Self { vrf, subnet: subnet.trunc() }
    }

    /// Whether two pools of one VRF have addresses in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.vrf == other.vrf
            && (self.subnet.contains(&other.subnet.network()) || other.subnet.contains(&self.subnet.network()))
    }

    /// The uuid of its row in the northbound database: the same on every host, so that only one can be made.
    pub(crate) fn row(&self) -> Uuid {
        Uuid::new_v5(&ROWS, self.to_string().as_bytes())
    }
}

impl fmt::Display for PoolKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of vrf {}", self.subnet, self.vrf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(vrf: &str, subnet: &str) -> PoolKey {
        PoolKey::new(vrf.parse().unwrap(), subnet.parse().unwrap())
    }

    #[test]
    fn a_vrf_has_a_plain_name() {
        for good in ["default", "blue-1", "7.x_y", "_lab", "-", &"x".repeat(64)] {
            assert_eq!(good.parse::<Vrf>().unwrap().as_str(), good);
        }
        for bad in ["", "a/b", "a b", "é", &"x".repeat(65)] {
            assert!(bad.parse::<Vrf>().is_err(), "{bad}");
        }
    }

    #[test]
    fn host_bits_do_not_matter_and_vrfs_are_apart() {
        assert_eq!(key("a", "10.1.0.7/24"), key("a", "10.1.0.0/24"));
        assert!(key("a", "10.1.0.0/16").overlaps(&key("a", "10.1.2.0/24")));
        assert!(key("a", "10.1.2.0/24").overlaps(&key("a", "10.1.0.0/16")));
        assert!(!key("a", "10.1.0.0/16").overlaps(&key("b", "10.1.0.0/16")));
        assert!(!key("a", "10.1.0.0/24").overlaps(&key("a", "10.1.1.0/24")));
        assert!(!key("a", "10.1.0.0/24").overlaps(&key("a", "fd00::/64")));
    }

    /// Hosts of different releases must mean the same row.
    #[test]
    fn a_rows_uuid_stays_what_it_is() {
        assert_eq!(key("default", "10.10.10.0/23").row().to_string(), "ba991225-3878-5403-a92a-254d5bc17428");
    }
}
