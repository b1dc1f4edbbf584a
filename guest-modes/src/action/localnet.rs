//! `localnet`: a physical network on a logical switch.

use crate::Label;

/// A physical network on a logical switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Localnet {
    /// The switch's step.
    pub switch: Label,
    /// Its name in the hosts' bridge mappings.
    pub network: String,
    /// Its VLAN there; none: untagged.
    pub vlan: Option<u16>,
}

impl Localnet {
    /// Puts a physical network on a switch.
    pub fn on(switch: &Label, network: impl Into<String>) -> Self {
        Self { switch: switch.clone(), network: network.into(), vlan: None }
    }

    /// Sets its VLAN on the wire.
    #[must_use]
    pub fn vlan(self, vlan: impl Into<Option<u16>>) -> Self {
        Self { vlan: vlan.into(), ..self }
    }
}
