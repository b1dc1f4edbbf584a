//! Rules of the host's firewall.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{Label, Protocol, PublishedPort};

/// What leaves the host from `sources` by another way than the host port carries the host's address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Masquerade {
    /// The host port's step.
    pub port: Label,
    /// The network's pools.
    pub sources: Vec<IpNet>,
}

/// New connections may leave through the host port, and replies come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// The host port's step.
    pub port: Label,
    /// Endpoints may also reach each other through the host.
    pub hairpin: bool,
}

/// A published port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publish {
    /// The host port's step.
    pub port: Label,
    /// Its protocol.
    pub protocol: Protocol,
    /// The host address it is reached at; none: all of them.
    pub host_address: Option<IpAddr>,
    /// The host's port.
    pub host_port: u16,
    /// The container's address.
    pub target: IpAddr,
    /// The container's port.
    pub target_port: u16,
    /// Whether the host's address and port are translated; otherwise the target is opened to what is routed here.
    pub translate: bool,
}

impl Publish {
    /// The port that was asked for.
    #[must_use]
    pub fn asked(&self) -> PublishedPort {
        PublishedPort {
            protocol: self.protocol,
            host_address: self.host_address,
            host_port: self.host_port,
            container_port: self.target_port,
        }
    }
}
