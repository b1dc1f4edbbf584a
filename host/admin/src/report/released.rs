//! What was given back of an address pool.

use serde::{Deserialize, Serialize};

/// What a driver has no more of a pool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Released {
    /// The VRF.
    pub vrf: String,
    /// The subnet.
    pub subnet: String,
    /// How many networks it was kept for, if all of it was to go.
    pub networks: usize,
    /// The addresses of endpoints that are free now.
    pub addresses: Vec<String>,
}
