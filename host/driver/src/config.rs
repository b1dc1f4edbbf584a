//! What the driver is told at start.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use plan::VlanId;

/// The driver's settings. The binary fills them from its configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The mode of a network that names none.
    pub default_mode: String,
    /// What the names of our links start with.
    pub prefix: String,
    /// How long one piece of background work may take.
    pub patience: Duration,
    /// How often everything is verified though nothing was heard to have changed.
    pub every: Duration,
    /// How long a thing with our mark and no record is left alone before it is removed.
    pub grace: Duration,
    /// Physical networks that OVN's routers may leave by, by the names that the option `ovn.external` has for them.
    pub physical: BTreeMap<String, PhysicalNetwork>,
}

/// A physical network that OVN's routers may leave by, and what they have there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhysicalNetwork {
    /// Its name in the hosts' bridge mappings.
    pub physnet: String,
    /// Its VLAN; none: untagged.
    pub vlan: Option<VlanId>,
    /// The router's addresses, each with the prefix length of its subnet.
    pub addresses: Vec<IpNet>,
    /// Who routes on, one of each family that it has an address of: without one nothing leaves.
    pub next_hop: Vec<IpAddr>,
    /// The system ids of the hosts that the router may be at, the first that is up: OVN translates addresses at one host
    /// only, and none at all where no host is named.
    pub chassis: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            default_mode: "nat".to_owned(),
            prefix: "ov".to_owned(),
            patience: Duration::from_secs(10),
            every: Duration::from_secs(60),
            grace: Duration::from_secs(30),
            physical: BTreeMap::new(),
        }
    }
}
