//! `logical-router`: what the networks of a VRF are routed by, in OVN.

/// The logical router of a VRF, the same on every host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogicalRouter {
    /// The VRF.
    pub vrf: String,
}

impl LogicalRouter {
    /// The router of a VRF.
    pub fn of(vrf: impl Into<String>) -> Self {
        Self { vrf: vrf.into() }
    }
}
