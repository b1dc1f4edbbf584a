//! Logical networks: what is said to OVN's northbound database, and is the same on every host that says it.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::RouteVia;
use crate::{Label, Protocol, PublishedPort, VlanId};

/// A logical switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogicalSwitch {
    /// The VRF it is in.
    pub vrf: String,
    /// Its subnets: what tells it from the VRF's others.
    pub subnets: Vec<IpNet>,
    /// The name a user gave: that switch exists, and is never removed. None: the one of VRF and subnets.
    pub name: Option<String>,
}

impl LogicalSwitch {
    /// What names begin with of switches that drivers make: those of VRF and subnets, and what is a VRF's own.
    pub const OURS: &str = "docker-ovs-";
}

/// The logical router of a VRF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogicalRouter {
    /// The VRF.
    pub vrf: String,
}

/// A router on a switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouterPort {
    /// The router's step.
    pub router: Label,
    /// The switch's step.
    pub switch: Label,
    /// The router's addresses there.
    pub addresses: Vec<IpNet>,
    /// The hosts it may be at, the first that is up; none: everywhere.
    pub chassis: Vec<String>,
}

/// A route of a logical router.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaticRoute {
    /// The router's step.
    pub router: Label,
    /// Where to, and through whom.
    pub route: RouteVia,
}

/// A physical network on a logical switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Localnet {
    /// The switch's step.
    pub switch: Label,
    /// Its name in the hosts' bridge mappings.
    pub network: String,
    /// Its VLAN there; none: untagged.
    pub vlan: Option<VlanId>,
}

/// What becomes of packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// They pass.
    Allow,
    /// They pass, and replies to them.
    AllowRelated,
    /// They are gone.
    Drop,
}

/// What becomes of packets that arrive at ports of a logical switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acl {
    /// The switch's step.
    pub switch: Label,
    /// The highest decides: 0 to 32767.
    pub priority: u16,
    /// Where they come from; empty: anywhere.
    pub sources: Vec<IpNet>,
    /// Where they go; empty: anywhere.
    pub destinations: Vec<IpNet>,
    /// Of one transport protocol; none: of any.
    pub protocol: Option<Protocol>,
    /// To one port; none: to any.
    pub port: Option<u16>,
    /// What becomes of them.
    pub verdict: Verdict,
}

/// A published port on a logical router.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadBalancer {
    /// The router's step.
    pub router: Label,
    /// Its protocol.
    pub protocol: Protocol,
    /// The address it is reached at.
    pub address: IpAddr,
    /// The port it is reached at.
    pub port: u16,
    /// The container's address.
    pub target: IpAddr,
    /// The container's port.
    pub target_port: u16,
}

impl LoadBalancer {
    /// Whether it is what a published port asks for: at the address that it names, or where it names none or all of a
    /// family.
    #[must_use]
    pub fn serves(&self, port: &PublishedPort) -> bool {
        let is_there = match port.host_address {
            Some(address) if address.is_unspecified() => address.is_ipv4() == self.address.is_ipv4(),
            Some(address) => address == self.address,
            None => true,
        };
        is_there && (self.protocol, self.port, self.target_port) == (port.protocol, port.host_port, port.container_port)
    }
}

/// What leaves a logical router from `sources` carries another address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogicalNat {
    /// The router's step.
    pub router: Label,
    /// The address it carries.
    pub external: IpAddr,
    /// The network's pools.
    pub sources: Vec<IpNet>,
}
