//! `endpoint-port`: the container's link.

use ipnet::IpNet;

use crate::{Attachment, Endpoint, Label, MacAddress, Station};

/// The container's link, one in each endpoint's plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointPort {
    /// What it is plugged into.
    pub on: Attachment,
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
    /// It sends with its own Ethernet address and addresses only, or as one of `allowed`.
    pub secured: bool,
    /// What else it may send as, if it is secured.
    pub allowed: Vec<Station>,
    /// Bits per second to the container.
    pub rate_ingress: Option<u64>,
    /// Bits per second from the container.
    pub rate_egress: Option<u64>,
}

impl EndpointPort {
    /// The endpoint's link on a bridge, with its Ethernet and IP addresses.
    #[must_use]
    pub fn on(bridge: &Label, endpoint: &Endpoint) -> Self {
        Self::plugged_into(Attachment::Bridge(bridge.clone()), endpoint)
    }

    /// The endpoint's link on a logical switch, with its Ethernet and IP addresses.
    #[must_use]
    pub fn on_logical_switch(switch: &Label, endpoint: &Endpoint) -> Self {
        Self::plugged_into(Attachment::LogicalSwitch(switch.clone()), endpoint)
    }

    fn plugged_into(on: Attachment, endpoint: &Endpoint) -> Self {
        Self {
            on,
            mac: endpoint.mac,
            addresses: endpoint.addresses.clone(),
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
    /// Says whether it may only send with its own Ethernet address and addresses.
    #[must_use]
    pub fn secured(self, secured: bool) -> Self {
        Self { secured, ..self }
    }

    /// Says what else it may send as, if it is secured.
    #[must_use]
    pub fn allowed(self, allowed: impl IntoIterator<Item = Station>) -> Self {
        Self { allowed: allowed.into_iter().collect(), ..self }
    }

    /// Limits what goes to the container, in bits per second.
    #[must_use]
    pub fn rate_ingress(self, rate: impl Into<Option<u64>>) -> Self {
        Self { rate_ingress: rate.into(), ..self }
    }

    /// Limits what comes from the container, in bits per second.
    #[must_use]
    pub fn rate_egress(self, rate: impl Into<Option<u64>>) -> Self {
        Self { rate_egress: rate.into(), ..self }
    }
}
