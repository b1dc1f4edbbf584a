//! Networks, endpoints and published ports, as the host describes them.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::{Attributes, MacAddress, Pool};

/// One address pool of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// The pool.
    pub pool: IpNet,
    /// The gateway's address with the pool's prefix length, where there is one.
    pub gateway: Option<IpNet>,
    /// Addresses reserved by name (`--aux-address`).
    pub auxiliary: Attributes,
}

/// A network as the user asked for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// Docker's id.
    pub id: String,
    /// `--internal`: no way out.
    pub internal: bool,
    /// Its address pools.
    pub subnets: Vec<Subnet>,
    /// Every option of the manifest that has a value or a default, under its own name.
    pub options: Attributes,
    /// What the manifest wanted to know about the host.
    pub facts: Attributes,
}

impl Subnet {
    /// A pool and, where there is one, its gateway's address.
    #[must_use]
    pub fn new(pool: IpNet, gateway: Option<IpAddr>) -> Self {
        let gateway = gateway.map(|address| IpNet::new_assert(address, pool.prefix_len()));
        Self { pool, gateway, auxiliary: Attributes::default() }
    }
}

impl Network {
    /// The subnets that addresses come from: all but the pool of everything, which stands for none.
    pub fn real_subnets(&self) -> impl Iterator<Item = &Subnet> {
        self.subnets.iter().filter(|subnet| !subnet.pool.is_everything())
    }

    /// The subnet an address lies in.
    #[must_use]
    pub fn subnet_of(&self, address: IpAddr) -> Option<&Subnet> {
        self.real_subnets().find(|subnet| subnet.pool.contains(&address))
    }

    /// The gateways of its subnets, each with its pool's prefix length.
    pub fn gateways(&self) -> impl Iterator<Item = IpNet> {
        self.real_subnets().filter_map(|subnet| subnet.gateway)
    }

    /// Whether containers get IPv6 addresses.
    #[must_use]
    pub fn has_ipv6(&self) -> bool {
        self.real_subnets().any(|subnet| subnet.pool.addr().is_ipv6())
    }
}

/// A container's place in a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Docker's id.
    pub id: String,
    /// Its Ethernet address: the user's, or one the host made.
    pub mac: MacAddress,
    /// Its addresses with the prefix lengths of their pools.
    pub addresses: Vec<IpNet>,
    /// Its own options (`--driver-opt`).
    pub options: Attributes,
    /// What the manifest wanted to know about the host.
    pub facts: Attributes,
}

/// A transport protocol that ports can be published for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
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

/// A port the user published; the host holds its socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedPort {
    /// Its protocol.
    pub protocol: Protocol,
    /// The host address it was asked for at; none: every address.
    pub host_address: Option<IpAddr>,
    /// The host's port, never 0.
    pub host_port: u16,
    /// The container's port.
    pub container_port: u16,
}
