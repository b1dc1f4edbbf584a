//! An address pool of the driver's own address management.

use serde::{Deserialize, Serialize};

/// A subnet of a VRF, and what is taken of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AddressPool {
    /// The VRF.
    pub vrf: String,
    /// The subnet.
    pub subnet: String,
    /// Whether it is kept in OVN's northbound database; else in the driver's own store, for its host alone.
    pub northbound: bool,
    /// The hosts whose networks have it.
    pub hosts: Vec<String>,
    /// How many networks have it.
    pub networks: usize,
    /// How many endpoints have an address of it.
    pub endpoints: usize,
    /// The addresses that networks share: gateways and auxiliary ones.
    pub shared: Vec<String>,
    /// How many of the networks are of the driver that was asked.
    pub own_networks: usize,
    /// The addresses that endpoints of those have.
    pub own_endpoints: Vec<String>,
    /// How many addresses it has; at most what fits.
    pub size: u64,
}
