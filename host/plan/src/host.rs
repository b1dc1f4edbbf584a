//! What the guard has to know about the host, as a snapshot: it cannot look for itself.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{AdmittedStep, InterfaceName, NetworkId};

/// A link of the host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostInterface {
    /// Its name.
    pub name: String,
    /// The kernel's index.
    pub index: u32,
    /// Its alternative names.
    pub alternatives: Vec<String>,
    /// Its kind (`veth`, `bridge`, `vlan`, ...); empty: a device.
    pub kind: String,
    /// The link it is enslaved to, by index.
    pub master: Option<u32>,
    /// The link it is stacked on (a VLAN's parent), by index, where that link is in the same namespace.
    pub parent: Option<u32>,
    /// Whether it carries an address other than a link-local one.
    pub addressed: bool,
    /// Whether a default route leaves by it.
    pub default_route: bool,
    /// Whether a driver made it, this one or another: its alias carries a mark.
    pub ours: bool,
    /// Bytes.
    pub mtu: u32,
}

/// Who made a bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BridgeOwner {
    /// A network of this driver.
    Network(NetworkId),
    /// Another driver's instance on the same Open vSwitch.
    OtherInstance(String),
    /// Not us: the user.
    Stranger,
}

/// A bridge in Open vSwitch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostBridge {
    /// Its name.
    pub name: String,
    /// Who made it.
    pub owner: BridgeOwner,
    /// Whether a controller programs it.
    pub controller: bool,
    /// Its ports' interfaces by name.
    pub interfaces: Vec<String>,
}

/// Something that networks of the asking mode have in common on this host, as one of them has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedStep {
    /// What stands in its mark in the place of a network: the same for all steps of its key.
    pub id: NetworkId,
    /// The network whose plan it is in.
    pub holder: NetworkId,
    /// The step, with its key and its names.
    pub step: AdmittedStep,
}

/// A snapshot of the host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostFacts {
    /// All links.
    pub interfaces: Vec<HostInterface>,
    /// All bridges of Open vSwitch.
    pub bridges: Vec<HostBridge>,
    /// Whether the kernel has Open vSwitch's datapath.
    pub kernel_datapath: bool,
    /// What networks of the asking mode share.
    #[serde(default)]
    pub shared: Vec<SharedStep>,
    /// The most that a packet may have to cross OVN's tunnels whole, in bytes; none where this host has no end of one.
    #[serde(default)]
    pub ovn_mtu: Option<u16>,
    /// The subnets that OVN's routers of VRFs have, by VRF.
    #[serde(default)]
    pub vrfs: BTreeMap<String, Vec<IpNet>>,
    /// The other hosts of Docker's swarm.
    #[serde(default)]
    pub swarm: Vec<IpAddr>,
    /// This host's address in it.
    #[serde(default)]
    pub swarm_address: Option<IpAddr>,
    /// The least MTU of the links that lead to the hosts that tunnels are asked for to, in bytes.
    #[serde(default)]
    pub tunnel_mtu: Option<u16>,
}

impl HostFacts {
    /// The link of a name or alternative name.
    #[must_use]
    pub fn interface(&self, name: &str) -> Option<&HostInterface> {
        self.interfaces.iter().find(|link| link.name == name || link.alternatives.iter().any(|other| other == name))
    }

    /// The bridge of a name.
    #[must_use]
    pub fn bridge(&self, name: &str) -> Option<&HostBridge> {
        self.bridges.iter().find(|bridge| bridge.name == name)
    }

    /// Whether any bridge holds an interface of that name.
    #[must_use]
    pub fn bridge_of(&self, interface: &InterfaceName) -> Option<&HostBridge> {
        self.bridges.iter().find(|bridge| bridge.interfaces.iter().any(|name| *name == **interface))
    }
}
