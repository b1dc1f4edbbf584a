//! Bridges of Open vSwitch, and what joins them to the rest of the world.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{BridgeName, InterfaceName, Label, VlanId};

/// How frames are switched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Datapath {
    /// By what this host has: the kernel's if it is there, else ovs-vswitchd's.
    #[default]
    Auto,
    /// In the kernel (`openvswitch` module).
    System,
    /// In ovs-vswitchd.
    Netdev,
}

/// An Open vSwitch bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bridge {
    /// The name a user gave; none: the network's own bridge, which the host names.
    pub name: Option<BridgeName>,
    /// How its frames are switched.
    pub datapath: Datapath,
}

/// A host interface on a bridge. `vlan` alone is an access port, `trunks` alone a trunk, both a trunk with a native
/// VLAN, neither a trunk of everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uplink {
    /// The bridge's step.
    pub bridge: Label,
    /// The host interface.
    pub name: InterfaceName,
    /// Access or native VLAN.
    pub vlan: Option<VlanId>,
    /// VLANs of a trunk.
    pub trunks: Vec<VlanId>,
}

/// How frames are wrapped on their way to another host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encapsulation {
    /// RFC 7348, UDP port 4789.
    Vxlan,
    /// RFC 8926, UDP port 6081.
    Geneve,
}

/// The other hosts of a bridge's segment, a tunnel to each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tunnel {
    /// The bridge's step.
    pub bridge: Label,
    /// How frames are wrapped.
    pub encapsulation: Encapsulation,
    /// What tells the segment from others between the same hosts: 24 bits.
    pub vni: u32,
    /// The other hosts.
    pub peers: Vec<IpAddr>,
}
