//! Who has what in OVN's northbound database.

use serde::{Deserialize, Serialize};

/// What one driver has there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Holding {
    /// Its host: the name, and in parentheses the system-id, which is the chassis' name in OVN.
    pub host: String,
    /// The driver: the id of its state directory.
    pub instance: String,
    /// Whether it is the driver that was asked.
    pub own: bool,
    /// Whether its host is the one that was asked: if it is another driver, that runs beside it or is no more.
    pub here: bool,
    /// The networks that it claims rows for; what networks of a host share has an id of its own.
    pub networks: Vec<String>,
    /// How many claims it has to rows that hosts share, and how many rows its containers have beside their ports.
    pub rows: usize,
    /// How many ports of containers it has.
    pub ports: usize,
    /// How many claims it has to address pools.
    pub pools: usize,
}
