//! Networks, endpoints and published ports, as a mode sees them.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{Attribute, Attributes, EndpointId, MacAddress, NetworkId, Value};

/// One address pool of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subnet {
    /// The pool, host bits clear.
    pub pool: IpNet,
    /// The gateway's address with the pool's prefix length, where there is one.
    pub gateway: Option<IpNet>,
    /// Addresses reserved by name (`--aux-address`).
    pub auxiliary: Vec<Attribute>,
}

/// A network as the user asked for it, options typed and aliases resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// Docker's id.
    pub id: NetworkId,
    /// `--internal`: no way out.
    pub internal: bool,
    /// Its address pools, IPv4 first.
    pub subnets: Vec<Subnet>,
    /// Its options, each under its own name.
    pub options: Vec<Attribute>,
    /// What the mode's manifest wanted to know about the host.
    pub facts: Vec<Attribute>,
}

impl Network {
    /// Whether an address lies in one of the network's pools.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.subnets.iter().any(|subnet| subnet.pool.contains(&address))
    }
}

/// A container's place in a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Docker's id.
    pub id: EndpointId,
    /// Its Ethernet address: the user's, or one derived from network and address.
    pub mac: MacAddress,
    /// Its addresses with the prefix lengths of their pools.
    pub addresses: Vec<IpNet>,
    /// Its own options (`--driver-opt`).
    pub options: Vec<Attribute>,
    /// What the mode's manifest wanted to know about the host.
    pub facts: Vec<Attribute>,
}

/// A transport protocol that ports can be published for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// TCP, protocol number 6.
    Tcp,
    /// UDP, protocol number 17.
    Udp,
    /// SCTP, protocol number 132.
    Sctp,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Sctp => "sctp",
        })
    }
}

/// A port the user published, settled: the host holds its socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PublishedPort {
    /// Its protocol.
    pub protocol: Protocol,
    /// The host address it is bound to; none: all of them.
    pub host_address: Option<IpAddr>,
    /// The host's port, never 0.
    pub host_port: u16,
    /// The container's port.
    pub container_port: u16,
}

impl fmt::Display for PublishedPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host_address {
            Some(IpAddr::V6(address)) => write!(f, "[{address}]:")?,
            Some(IpAddr::V4(address)) => write!(f, "{address}:")?,
            None => {}
        }
        write!(f, "{}->{}/{}", self.host_port, self.container_port, self.protocol)
    }
}

/// The host's address that ports are published at which name none: the option `host_binding` of a network, in every mode
/// that has it; none: all addresses.
#[must_use]
pub fn host_binding(options: &[Attribute]) -> Option<IpAddr> {
    match options.value("host_binding") {
        Some(Value::Address(address)) => Some(*address),
        _ => None,
    }
}
