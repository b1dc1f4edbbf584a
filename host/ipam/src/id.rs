//! The id of a pool that Docker is given: it says what it stands for, so that a request makes sense by itself.

use std::fmt;
use std::str::FromStr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::key::{PoolKey, Vrf};

/// One network's hold on a pool. Random.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClaimId(Uuid);

impl ClaimId {
    /// A new one.
    pub(crate) fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.simple())
    }
}

impl FromStr for ClaimId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::try_parse(text).map(Self)
    }
}

/// Which of the stores a pool is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// The driver's own store: for this host alone.
    Own,
    /// The northbound database: for all hosts that share it.
    Northbound,
}

impl Place {
    /// Its word in a pool's id.
    fn word(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Northbound => "ovn",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Own => "this host",
            Self::Northbound => "northbound",
        })
    }
}

/// What Docker calls `PoolID`: where the pool is, which, of what range addresses are given, and whose claim it is:
/// `ovn/default/10.10.10.0/23/10.10.10.32/27/CLAIM`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PoolId {
    /// Where it is kept.
    pub place: Place,
    /// The pool.
    pub key: PoolKey,
    /// The part that addresses are given of, where that is not all of it.
    pub range: Option<IpNet>,
    /// Whose.
    pub claim: ClaimId,
}

/// Text that is no id of a pool.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no pool of this driver's")]
pub struct BadPoolId(String);

impl fmt::Display for PoolId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/", self.place.word(), self.key.vrf, self.key.subnet)?;
        match self.range {
            Some(range) => write!(f, "{range}/{}", self.claim),
            None => write!(f, "-/{}", self.claim),
        }
    }
}

impl FromStr for PoolId {
    type Err = BadPoolId;

    fn from_str(text: &str) -> Result<Self, BadPoolId> {
        read(text).ok_or_else(|| BadPoolId(text.chars().take(120).collect()))
    }
}

fn read(text: &str) -> Option<PoolId> {
    let (place, rest) = text.split_once('/')?;
    let (vrf, rest) = rest.split_once('/')?;
    let (rest, claim) = rest.rsplit_once('/')?;
    let mut parts = rest.splitn(3, '/');
    let subnet = format!("{}/{}", parts.next()?, parts.next()?).parse().ok()?;
    let range = match parts.next()? {
        "-" => None,
        range => Some(range.parse().ok()?),
    };
    let place = [Place::Own, Place::Northbound].into_iter().find(|known| known.word() == place)?;
    Some(PoolId { place, key: PoolKey::new(vrf.parse::<Vrf>().ok()?, subnet), range, claim: claim.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_was_written() {
        for (vrf, subnet, range) in [
            ("blue", "10.10.10.0/23", Some("10.10.10.32/27")),
            ("blue", "fd00:8::/64", None),
            ("-", "10.1.0.0/24", None),
        ] {
            let key = PoolKey::new(vrf.parse().unwrap(), subnet.parse().unwrap());
            let range = range.map(|range| range.parse().unwrap());
            for place in [Place::Own, Place::Northbound] {
                let id = PoolId { place, key: key.clone(), range, claim: ClaimId::random() };
                assert_eq!(id.to_string().parse(), Ok(id));
            }
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        let claim = ClaimId::random();
        for bad in ["", "LocalDefault/10.0.0.0/24", "own/default/10.0.0.0/24/-", "own//10.0.0.0/24/-/x"] {
            assert!(bad.parse::<PoolId>().is_err(), "{bad}");
        }
        assert!(format!("else/default/10.0.0.0/24/-/{claim}").parse::<PoolId>().is_err());
        assert!(format!("own/default/10.0.0.0/24/-/{claim}").parse::<PoolId>().is_ok());
    }
}
