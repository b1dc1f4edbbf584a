//! Endpoints.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Step;

/// An endpoint of a network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Endpoint {
    /// Its identifier.
    pub id: String,
    /// The name of its container: filled in by commands, as the network's name is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// Where in its life it is.
    pub state: EndpointState,
    /// Its Ethernet address.
    pub mac: String,
    /// Its addresses: `10.0.0.2/24`.
    pub addresses: Vec<String>,
    /// The host's end of its link.
    pub interface: Option<String>,
    /// Its options as the mode got them.
    pub options: BTreeMap<String, Value>,
    /// What the mode was told of the host.
    pub facts: BTreeMap<String, Value>,
    /// Its published ports.
    pub published: Vec<PublishedPort>,
    /// Its plan.
    pub steps: Vec<Step>,
    /// What is wrong with it, and what to do.
    pub problem: Option<String>,
}

/// Where in its life an endpoint is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndpointState {
    /// Planned and written down; nothing of it exists.
    Planned,
    /// Being plumbed.
    Joining,
    /// Plumbed.
    Joined,
    /// Being taken down.
    Leaving,
    /// Plumbed once, but its link vanished.
    Broken,
    /// Something that this version has no word for.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A published port.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PublishedPort {
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
    /// The host's address that listens; none: all of them.
    pub host_address: Option<String>,
    /// The host's port.
    pub host_port: u16,
    /// The container's port.
    pub container_port: u16,
}
