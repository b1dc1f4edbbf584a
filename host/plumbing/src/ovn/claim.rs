//! Whose a row of the northbound database is.
//!
//! What many hosts say alike (a switch, a router, what is on them) is one row, which each network of each host claims: an
//! entry in `external_ids` with the instance and the network in its key, and the host in its value, so that an operator
//! can tell whose it is. Who takes the last claim away takes the row away. What one endpoint alone has carries its mark.

use ovsdb::{Row, Value};
use plan::{InstanceId, NetworkId};

use crate::Mark;

/// The key in `external_ids` of all rows that are claimed.
pub(crate) const SHARED: &str = "docker-ovs-shared";
/// The key of what the one who made a shared row said of it that others may say differently.
pub(crate) const SAID: &str = "docker-ovs-said";
/// The key of the host of a row that is not shared.
pub(crate) const HOST: &str = "docker-ovs-host";
/// What the keys of claims start with.
const CLAIM: &str = "docker-ovs-claim/";

/// A claim to a shared row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Claim {
    /// The driver's.
    pub(crate) instance: InstanceId,
    /// For one of its networks.
    pub(crate) network: NetworkId,
}

impl Claim {
    /// The claim of the network that a mark is of.
    pub(crate) fn of(mark: &Mark) -> Self {
        Self { instance: mark.instance.clone(), network: mark.network.clone() }
    }

    /// Its key in `external_ids`.
    pub(crate) fn key(&self) -> String {
        format!("{CLAIM}{}/{}", self.instance, self.network)
    }

    /// Reads a key; none: it is no claim's.
    fn from_key(key: &str) -> Option<Self> {
        let (instance, network) = key.strip_prefix(CLAIM)?.split_once('/')?;
        Some(Self { instance: InstanceId::new(instance).ok()?, network: NetworkId::new(network).ok()? })
    }
}

/// The claims to a row, with their hosts, in the order of their keys.
pub(crate) fn claims(row: &Row) -> Vec<(Claim, String)> {
    let entries = row.value("external_ids").and_then(Value::as_map).into_iter().flat_map(|map| map.iter());
    let pairs = entries.filter_map(|(key, value)| Some((key.as_str()?, value.as_str()?)));
    pairs.filter_map(|(key, host)| Some((Claim::from_key(key)?, host.to_owned()))).collect()
}

/// The mark of a row that one network or endpoint alone has.
pub(crate) fn mark(row: &Row) -> Option<Mark> {
    Mark::from_ids(|key| row.entry("external_ids", key))
}

/// This host, as claims name it: its name, and its system-id, which is its chassis' name in OVN.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Host {
    pub(crate) name: String,
    pub(crate) system: String,
}

impl std::fmt::Display for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self { name, system } if system.is_empty() => f.write_str(name),
            Self { name, system } if name.is_empty() || name == system => f.write_str(system),
            Self { name, system } => write!(f, "{name} ({system})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back() {
        let claim =
            Claim { instance: InstanceId::new("0123abcd-ef").unwrap(), network: NetworkId::new("net_1.a-b").unwrap() };
        assert_eq!(Claim::from_key(&claim.key()), Some(claim));
        for stranger in
            ["", "docker-ovs-claim/", "docker-ovs-claim/0123abcd", "claim/0123abcd/net", "docker-ovs-claim/x/net"]
        {
            assert_eq!(Claim::from_key(stranger), None, "{stranger}");
        }
    }
}
