//! What a module may do on this host.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{BridgeName, InterfaceName, VlanId};

/// Every action belongs to one capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Bridges that a user names; the network's own bridge needs no grant. Parameters: bridge names.
    Bridge,
    /// Host interfaces on a bridge. Parameters: interface names.
    Uplink,
    /// VLANs on ports. Parameters: ids and ranges (`100-199`).
    Vlan,
    /// The host's addresses in a network (`host-port`).
    HostAddress,
    /// Source address translation and forwarding (`masquerade`, `forward`).
    Nat,
    /// Published ports.
    Publish,
    /// Tunnels to other hosts.
    Tunnel,
    /// Logical networks in OVN. Parameters: VRFs, and switches that a user names.
    Ovn,
}

impl Capability {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Bridge, "bridge"),
        (Self::Uplink, "uplink"),
        (Self::Vlan, "vlan"),
        (Self::HostAddress, "host-address"),
        (Self::Nat, "nat"),
        (Self::Publish, "publish"),
        (Self::Tunnel, "tunnel"),
        (Self::Ovn, "ovn"),
    ];

    /// Whether a text can narrow it.
    fn takes(self, parameter: &str) -> bool {
        match self {
            Self::Bridge => BridgeName::new(parameter).is_ok(),
            Self::Uplink => InterfaceName::new(parameter).is_ok(),
            Self::Vlan => vlans(parameter).is_some(),
            Self::Ovn => !parameter.is_empty() && !parameter.chars().any(char::is_control),
            Self::HostAddress | Self::Nat | Self::Publish | Self::Tunnel => false,
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::ALL.iter().find(|(capability, _)| capability == self).map_or("", |(_, word)| word))
    }
}

/// Why a text is not a grant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a grant: bridge, uplink, vlan, ovn, host-address, nat, publish or tunnel is wanted; the first four \
     may be narrowed, as in bridge=br-lab, uplink=eth1, vlan=100-199, ovn=blue"
)]
pub struct InvalidGrant(pub String);

/// One capability, whole or for one value of its parameter: `nat`, `uplink=eth1`, `vlan=100-199`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Grant {
    /// What may be done.
    pub capability: Capability,
    /// With what; none: with anything that passes the guard.
    pub parameter: Option<String>,
}

impl FromStr for Grant {
    type Err = InvalidGrant;

    fn from_str(text: &str) -> Result<Self, InvalidGrant> {
        let (word, parameter) = match text.split_once('=') {
            Some((word, parameter)) => (word, Some(parameter.trim().to_owned())),
            None => (text, None),
        };
        let known = Capability::ALL.iter().find(|(_, known)| *known == word.trim());
        let (capability, _) = known.ok_or_else(|| InvalidGrant(text.to_owned()))?;
        if !parameter.as_deref().is_none_or(|parameter| capability.takes(parameter)) {
            return Err(InvalidGrant(text.to_owned()));
        }
        Ok(Self { capability: *capability, parameter })
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.parameter {
            Some(parameter) => write!(f, "{}={parameter}", self.capability),
            None => fmt::Display::fmt(&self.capability, f),
        }
    }
}

impl TryFrom<String> for Grant {
    type Error = InvalidGrant;

    fn try_from(text: String) -> Result<Self, InvalidGrant> {
        text.parse()
    }
}

impl From<Grant> for String {
    fn from(grant: Grant) -> Self {
        grant.to_string()
    }
}

/// All that a module may do. Empty: its own bridge and its own endpoints' ports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grants(pub Vec<Grant>);

impl Grants {
    /// Every capability, whole: what the built-in modes have unless the configuration narrows them.
    #[must_use]
    pub fn everything() -> Self {
        Self(Capability::ALL.iter().map(|(capability, _)| Grant { capability: *capability, parameter: None }).collect())
    }

    /// Whether any grant of a capability is whole, or narrowed to something that `fits`.
    pub fn allow(&self, capability: Capability, fits: impl Fn(&str) -> bool) -> bool {
        let of_it = |grant: &&Grant| grant.capability == capability;
        self.0.iter().filter(of_it).any(|grant| grant.parameter.as_deref().is_none_or(&fits))
    }

    /// Whether ports may carry a VLAN.
    #[must_use]
    pub fn allow_vlan(&self, id: VlanId) -> bool {
        self.allow(Capability::Vlan, |parameter| vlans(parameter).is_some_and(|range| range.contains(&id)))
    }
}

/// The VLANs that an id or a range (`100-199`) means.
fn vlans(text: &str) -> Option<RangeInclusive<VlanId>> {
    let id = |text: &str| VlanId::new(text.trim().parse().ok()?).ok();
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (id(first)?, id(last)?);
    (first <= last).then_some(first..=last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_text_and_back() {
        for text in [
            "nat",
            "bridge",
            "bridge=br-lab",
            "uplink=eth1",
            "vlan=100-199",
            "vlan=7",
            "publish",
            "tunnel",
            "ovn",
            "ovn=blue",
        ] {
            assert_eq!(text.parse::<Grant>().unwrap().to_string(), text);
        }
        for bad in [
            "",
            "root",
            "uplink=",
            "uplink=a/b",
            "vlan=0",
            "vlan=9-3",
            "vlan=x",
            "nat=10.0.0.0/8",
            "publish=80",
            "tunnel=geneve",
            "ovn=",
        ] {
            assert!(bad.parse::<Grant>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_narrowed_grant_allows_what_fits() {
        let grants = Grants(vec!["vlan=100-199".parse().unwrap(), "vlan=7".parse().unwrap()]);
        for (id, allowed) in [(99, false), (100, true), (199, true), (200, false), (7, true)] {
            assert_eq!(grants.allow_vlan(VlanId::new(id).unwrap()), allowed, "{id}");
        }
        assert!(!grants.allow(Capability::Nat, |_| true));
        assert!(Grants::everything().allow(Capability::Uplink, |_| false));
    }
}
