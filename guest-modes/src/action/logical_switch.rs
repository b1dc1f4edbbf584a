//! `logical-switch`: a segment that spans hosts, in OVN.

use ipnet::IpNet;

/// A logical switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogicalSwitch {
    /// The VRF it is in.
    pub vrf: String,
    /// Its subnets.
    pub subnets: Vec<IpNet>,
    /// The name a user gave: that switch exists, and is never removed. None: the one of VRF and subnets.
    pub name: Option<String>,
}

impl LogicalSwitch {
    /// The switch of a VRF's subnets: the same on every host that says the same.
    pub fn of(vrf: impl Into<String>, subnets: impl IntoIterator<Item = IpNet>) -> Self {
        Self { vrf: vrf.into(), subnets: subnets.into_iter().collect(), name: None }
    }

    /// Takes a switch that a user named and that exists, instead.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }
}
