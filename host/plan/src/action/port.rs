//! Ports, and what they are plugged into.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{Label, MacAddress, VlanId};

/// What a port is plugged into. Written beside the port's own fields, as `"bridge": LABEL` or `"logical-switch": LABEL`:
/// what drivers stored that knew only bridges reads the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attachment {
    /// A bridge's step.
    Bridge(Label),
    /// A logical switch's step: the port is on this host's integration bridge, bound to a logical port.
    LogicalSwitch(Label),
}

impl Attachment {
    /// The step of what it is.
    #[must_use]
    pub fn label(&self) -> &Label {
        match self {
            Self::Bridge(label) | Self::LogicalSwitch(label) => label,
        }
    }
}

/// A way to what lies behind a station.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RouteVia {
    /// Where to.
    pub destination: IpNet,
    /// Through whom.
    pub next_hop: IpAddr,
}

/// An internal port with addresses: the host's foot in the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostPort {
    /// What it is plugged into.
    #[serde(flatten)]
    pub on: Attachment,
    /// The host's addresses in the network.
    pub addresses: Vec<IpNet>,
    /// What the host reaches through it.
    #[serde(default)]
    pub routes: Vec<RouteVia>,
    /// Access VLAN.
    pub vlan: Option<VlanId>,
    /// In bytes.
    pub mtu: Option<u16>,
}

impl HostPort {
    /// A port with addresses and nothing more.
    #[must_use]
    pub fn new(on: Attachment, addresses: Vec<IpNet>) -> Self {
        Self { on, addresses, routes: Vec::new(), vlan: None, mtu: None }
    }
}

/// Something else that a secured port may send as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Station {
    /// Its Ethernet address; none: the port's own.
    pub mac: Option<MacAddress>,
    /// Its address, with the prefix length of one address.
    pub address: IpNet,
}

/// The container's link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointPort {
    /// What it is plugged into.
    #[serde(flatten)]
    pub on: Attachment,
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
    /// It sends with its own Ethernet address and addresses only, or as one of `allowed`.
    #[serde(default)]
    pub secured: bool,
    /// What else it may send as, if it is secured.
    #[serde(default)]
    pub allowed: Vec<Station>,
    /// Bits per second to the container.
    #[serde(default)]
    pub rate_ingress: Option<u64>,
    /// Bits per second from the container.
    #[serde(default)]
    pub rate_egress: Option<u64>,
}

impl EndpointPort {
    /// A link with addresses and nothing more.
    #[must_use]
    pub fn new(on: Attachment, mac: MacAddress, addresses: Vec<IpNet>) -> Self {
        Self {
            on,
            mac,
            addresses,
            vlan: None,
            trunks: Vec::new(),
            mtu: None,
            isolated: false,
            secured: false,
            allowed: Vec::new(),
            rate_ingress: None,
            rate_egress: None,
        }
    }
}
