//! What tells our things from everybody else's: the instance, network and endpoint ids on every row, link and rule we
//! make. Only what carries our own instance's mark is ever changed or removed.

use std::fmt;

use plan::{EndpointId, InstanceId, NetworkId};

/// Whose a thing is. In Open vSwitch it stands in `external_ids` under the keys below, on a link in its alias, as
/// [`Mark::to_string`] writes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// The driver's state directory.
    pub instance: InstanceId,
    /// The network it belongs to.
    pub network: NetworkId,
    /// The endpoint it belongs to; none: the network itself.
    pub endpoint: Option<EndpointId>,
}

impl Mark {
    /// The mark of the bridges that guard ports of all networks.
    #[must_use]
    pub fn of_guard(instance: &InstanceId) -> Self {
        Self { instance: instance.clone(), network: guard(), endpoint: None }
    }

    /// Whether it is that of such a bridge.
    #[must_use]
    pub fn is_guard(&self) -> bool {
        self.network == guard()
    }

    /// The key in `external_ids` of the instance.
    pub const INSTANCE: &str = "docker-ovs-instance";
    /// The key in `external_ids` of the network.
    pub const NETWORK: &str = "docker-ovs-network";
    /// The key in `external_ids` of the endpoint.
    pub const ENDPOINT: &str = "docker-ovs-endpoint";
    /// The key in `external_ids` of the label of the step that made the row.
    pub const LABEL: &str = "docker-ovs-label";
    /// The first word of a link's alias.
    const ALIAS: &str = "docker-ovs";

    /// What the aliases of an instance's links start with.
    #[must_use]
    pub fn alias_of(instance: &InstanceId) -> String {
        format!("{}/{instance}/", Self::ALIAS)
    }

    /// Reads a link's alias; none: it is not one of ours, of whatever instance.
    #[must_use]
    pub fn from_alias(alias: &str) -> Option<Self> {
        let mut words = alias.split('/');
        if words.next() != Some(Self::ALIAS) {
            return None;
        }
        let instance = InstanceId::new(words.next()?).ok()?;
        let network = NetworkId::new(words.next()?).ok()?;
        let endpoint = words.next().map(EndpointId::new).transpose().ok()?;
        words.next().is_none().then_some(Self { instance, network, endpoint })
    }

    /// Reads the mark of a row from its `external_ids`, looked up by key; none: it is not one of ours.
    #[must_use]
    pub fn from_ids<'a>(entry: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let instance = InstanceId::new(entry(Self::INSTANCE)?).ok()?;
        let network = NetworkId::new(entry(Self::NETWORK)?).ok()?;
        let endpoint = entry(Self::ENDPOINT).map(EndpointId::new).transpose().ok()?;
        Some(Self { instance, network, endpoint })
    }

    /// The pairs for `external_ids` of a row that the step of a label made.
    #[must_use]
    pub fn ids(&self, label: &str) -> Vec<(&'static str, String)> {
        let mut ids = vec![
            (Self::INSTANCE, self.instance.to_string()),
            (Self::NETWORK, self.network.to_string()),
            (Self::LABEL, label.to_owned()),
        ];
        ids.extend(self.endpoint.as_ref().map(|endpoint| (Self::ENDPOINT, endpoint.to_string())));
        ids
    }
}

/// What stands in the place of a network. No mode has an empty name, so that it is nobody's who shares something.
fn guard() -> NetworkId {
    NetworkId::of_shared("", "guard")
}

impl fmt::Display for Mark {
    /// `docker-ovs/INSTANCE/NETWORK` or `docker-ovs/INSTANCE/NETWORK/ENDPOINT`: 177 bytes with Docker's ids, of the 255
    /// that a link's alias may have.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", Self::ALIAS, self.instance, self.network)?;
        self.endpoint.iter().try_for_each(|endpoint| write!(f, "/{endpoint}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(endpoint: Option<&str>) -> Mark {
        Mark {
            instance: InstanceId::new("0123abcd").unwrap(),
            network: NetworkId::new("net").unwrap(),
            endpoint: endpoint.map(|id| EndpointId::new(id).unwrap()),
        }
    }

    #[test]
    fn aliases_read_back() {
        for mark in [mark(None), mark(Some("end"))] {
            assert_eq!(Mark::from_alias(&mark.to_string()), Some(mark));
        }
        for stranger in ["", "docker-ovs", "docker-ovs/0123abcd", "docker-ovs/xyz/net", "docker-ovs/0123abcd/n/e/x"] {
            assert_eq!(Mark::from_alias(stranger), None, "{stranger}");
        }
    }

    #[test]
    fn ids_read_back() {
        for mark in [mark(None), mark(Some("end"))] {
            let ids = mark.ids("bridge");
            let entry = |key: &str| ids.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str());
            assert_eq!(Mark::from_ids(entry), Some(mark.clone()));
            assert_eq!(entry(Mark::LABEL), Some("bridge"));
        }
    }
}
