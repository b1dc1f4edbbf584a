//! `uplink`: a host interface on a bridge.

use crate::Label;

/// A host interface on a bridge: neither `vlan` nor `trunks`, a trunk of everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uplink {
    /// The bridge's step.
    pub bridge: Label,
    /// The host interface.
    pub name: String,
    /// Access or native VLAN.
    pub vlan: Option<u16>,
    /// VLANs of a trunk.
    pub trunks: Vec<u16>,
}

impl Uplink {
    /// A host interface on a bridge, as a trunk of everything.
    pub fn on(bridge: &Label, name: impl Into<String>) -> Self {
        Self { bridge: bridge.clone(), name: name.into(), vlan: None, trunks: Vec::new() }
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
}
