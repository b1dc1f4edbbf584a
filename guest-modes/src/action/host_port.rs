//! `host-port`: the host's foot in the network.

use ipnet::IpNet;

use crate::{Attachment, Label, Route};

/// An internal port with addresses: the host's foot in the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPort {
    /// What it is plugged into.
    pub on: Attachment,
    /// The host's addresses in the network.
    pub addresses: Vec<IpNet>,
    /// What the host reaches through it.
    pub routes: Vec<Route>,
    /// Access VLAN.
    pub vlan: Option<u16>,
    /// In bytes.
    pub mtu: Option<u16>,
}

impl HostPort {
    /// A port of the host on a bridge, with the host's addresses.
    pub fn on(bridge: &Label, addresses: impl IntoIterator<Item = IpNet>) -> Self {
        Self::plugged_into(Attachment::Bridge(bridge.clone()), addresses)
    }

    /// A port of the host on a logical switch, with addresses that every host has there that says the same.
    pub fn on_logical_switch(switch: &Label, addresses: impl IntoIterator<Item = IpNet>) -> Self {
        Self::plugged_into(Attachment::LogicalSwitch(switch.clone()), addresses)
    }

    fn plugged_into(on: Attachment, addresses: impl IntoIterator<Item = IpNet>) -> Self {
        Self { on, addresses: addresses.into_iter().collect(), routes: Vec::new(), vlan: None, mtu: None }
    }

    /// Says what the host reaches through it.
    #[must_use]
    pub fn routes(self, routes: impl IntoIterator<Item = Route>) -> Self {
        Self { routes: routes.into_iter().collect(), ..self }
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
