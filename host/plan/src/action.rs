//! The actions a plan is made of. Each one is declarative ("this exists like so"), idempotent, and has an inverse that
//! the host knows. The types mirror `wit/mode.wit`; names and numbers in here are as the mode said them, the guard
//! checks them.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{Attribute, BridgeName, InterfaceName, Label, MacAddress, Protocol, PublishedPort, VlanId};

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

/// An internal port with addresses: the host's foot in the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostPort {
    /// The bridge's step.
    pub bridge: Label,
    /// The host's addresses in the network.
    pub addresses: Vec<IpNet>,
    /// Access VLAN.
    pub vlan: Option<VlanId>,
    /// In bytes.
    pub mtu: Option<u16>,
}

/// The container's link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointPort {
    /// The bridge's step.
    pub bridge: Label,
    /// The container's Ethernet address.
    pub mac: MacAddress,
    /// The container's addresses.
    pub addresses: Vec<IpNet>,
    /// Access or native VLAN.
    pub vlan: Option<VlanId>,
    /// VLANs of a trunk.
    pub trunks: Vec<VlanId>,
    /// In bytes.
    pub mtu: Option<u16>,
    /// Isolated ports do not reach each other.
    pub isolated: bool,
}

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

/// An action that a later host knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custom {
    /// `name@version`.
    pub kind: String,
    /// Its arguments.
    pub arguments: Vec<Attribute>,
}

/// One thing that is to exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// An Open vSwitch bridge.
    Bridge(Bridge),
    /// A host interface on a bridge.
    Uplink(Uplink),
    /// The host's foot in the network.
    HostPort(HostPort),
    /// The container's link.
    EndpointPort(EndpointPort),
    /// Source address translation.
    Masquerade(Masquerade),
    /// Forwarding.
    Forward(Forward),
    /// A published port.
    Publish(Publish),
    /// What a later host knows.
    Custom(Custom),
}

impl Action {
    /// The word for its kind, as in the contract.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Bridge(_) => "bridge",
            Self::Uplink(_) => "uplink",
            Self::HostPort(_) => "host-port",
            Self::EndpointPort(_) => "endpoint-port",
            Self::Masquerade(_) => "masquerade",
            Self::Forward(_) => "forward",
            Self::Publish(_) => "publish",
            Self::Custom(custom) => &custom.kind,
        }
    }

    /// The step it builds on: the bridge of a port, the port of a rule.
    #[must_use]
    pub fn on(&self) -> Option<&Label> {
        match self {
            Self::Bridge(_) | Self::Custom(_) => None,
            Self::Uplink(Uplink { bridge, .. })
            | Self::HostPort(HostPort { bridge, .. })
            | Self::EndpointPort(EndpointPort { bridge, .. }) => Some(bridge),
            Self::Masquerade(Masquerade { port, .. })
            | Self::Forward(Forward { port, .. })
            | Self::Publish(Publish { port, .. }) => Some(port),
        }
    }
}
