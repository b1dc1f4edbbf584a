//! `endpoint-port`: the container's link.

use ipnet::IpNet;

use crate::{Endpoint, Label, MacAddress};

/// The container's link, one in each endpoint's plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointPort {
    /// The bridge's step.
    pub bridge: Label,
    /// The container's Ethernet address.
    pub mac: MacAddress,
    /// The container's addresses.
    pub addresses: Vec<IpNet>,
    /// Access or native VLAN.
    pub vlan: Option<u16>,
    /// VLANs of a trunk.
    pub trunks: Vec<u16>,
    /// In bytes.
    pub mtu: Option<u16>,
    /// Isolated ports do not reach each other.
    pub isolated: bool,
}

impl EndpointPort {
    /// The endpoint's link on a bridge, with its Ethernet and IP addresses.
    #[must_use]
    pub fn on(bridge: &Label, endpoint: &Endpoint) -> Self {
        Self {
            bridge: bridge.clone(),
            mac: endpoint.mac,
            addresses: endpoint.addresses.clone(),
            vlan: None,
            trunks: Vec::new(),
            mtu: None,
            isolated: false,
        }
    }

    /// Sets its access VLAN, or its native VLAN if it has trunks.
    #[must_use]
    pub fn vlan(self, vlan: impl Into<Option<u16>>) -> Self {
        Self { vlan: vlan.into(), ..self }
    }

    /// Sets the VLANs it carries.
    #[must_use]
    pub fn trunks(self, trunks: impl IntoIterator<Item = u16>) -> Self {
        Self { trunks: trunks.into_iter().collect(), ..self }
    }

    /// Sets its MTU, in bytes.
    #[must_use]
    pub fn mtu(self, mtu: impl Into<Option<u16>>) -> Self {
        Self { mtu: mtu.into(), ..self }
    }

    /// Says whether it is kept from other isolated ports.
    #[must_use]
    pub fn isolated(self, isolated: bool) -> Self {
        Self { isolated, ..self }
    }
}
