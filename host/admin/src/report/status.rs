//! How the driver is.

use serde::{Deserialize, Serialize};

use super::Mode;

/// A running driver.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Status {
    /// The driver's version.
    pub version: String,
    /// The random identity of this driver's state directory, part of the mark on everything it makes.
    pub instance: String,
    /// The host's `system-id` in Open vSwitch.
    pub system_id: Option<String>,
    /// The driver's process.
    pub pid: u32,
    /// How long it runs, in seconds.
    pub uptime_seconds: u64,
    /// Its resident memory, in bytes.
    pub memory_bytes: u64,
    /// What it logs.
    pub log_filter: String,
    /// The mode of a network that names none.
    pub default_mode: String,
    /// When everything was last verified, in seconds before now.
    pub reconciled_seconds_ago: Option<u64>,
    /// Its Open vSwitch.
    pub ovs: OpenVswitch,
    /// How much it holds.
    pub counts: Counts,
    /// Its modes, by name.
    pub modes: Vec<Mode>,
}

/// The Open vSwitch that a driver uses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpenVswitch {
    /// Where its database is: `unix:/run/openvswitch/db.sock`.
    pub remote: String,
    /// There is a connection now.
    pub connected: bool,
    /// Its version.
    pub version: Option<String>,
    /// The datapaths that it offers: `system` is the kernel's, `netdev` its own.
    pub datapaths: Vec<String>,
    /// Why there is no connection.
    pub error: Option<String>,
}

/// How much a driver holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Networks.
    pub networks: u64,
    /// Endpoints in whatever state.
    pub endpoints: u64,
    /// Endpoints that are joined to a container.
    pub joined: u64,
    /// Endpoints whose link vanished: only a restart of the container helps.
    pub broken: u64,
    /// Published ports.
    pub published_ports: u64,
    /// Published ports that the driver has no socket for, because another program has.
    #[serde(default)]
    pub busy_ports: u64,
    /// Networks that follow Docker's swarm and know no other host, because Docker cannot be asked or is in no swarm.
    #[serde(default)]
    pub alone: u64,
    /// Things that are gone for Docker but could not be taken down yet.
    pub to_be_undone: u64,
}
