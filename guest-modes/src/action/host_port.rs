//! `host-port`: the host's foot in the network.

use ipnet::IpNet;

use crate::Label;

/// An internal port with addresses: the host's foot in the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPort {
    /// The bridge's step.
    pub bridge: Label,
    /// The host's addresses in the network.
    pub addresses: Vec<IpNet>,
    /// Access VLAN.
    pub vlan: Option<u16>,
    /// In bytes.
    pub mtu: Option<u16>,
}

impl HostPort {
    /// A port of the host on a bridge, with the host's addresses.
    pub fn on(bridge: &Label, addresses: impl IntoIterator<Item = IpNet>) -> Self {
        Self { bridge: bridge.clone(), addresses: addresses.into_iter().collect(), vlan: None, mtu: None }
    }

    /// Sets its access VLAN.
    #[must_use]
    pub fn vlan(self, vlan: impl Into<Option<u16>>) -> Self {
        Self { vlan: vlan.into(), ..self }
    }

    /// Sets its MTU, in bytes.
    #[must_use]
    pub fn mtu(self, mtu: impl Into<Option<u16>>) -> Self {
        Self { mtu: mtu.into(), ..self }
    }
}
