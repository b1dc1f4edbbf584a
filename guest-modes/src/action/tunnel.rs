//! `tunnel`: the other hosts of a bridge's segment.

use std::net::IpAddr;

use crate::{FromValue, Label, Value};

/// How frames are wrapped on their way to another host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encapsulation {
    /// RFC 7348.
    Vxlan,
    /// RFC 8926.
    Geneve,
}

impl FromValue<'_> for Encapsulation {
    const WANTED: &'static str = "vxlan or geneve";

    fn from_value(value: &Value) -> Option<Self> {
        match <&str>::from_value(value)? {
            "vxlan" => Some(Self::Vxlan),
            "geneve" => Some(Self::Geneve),
            _ => None,
        }
    }
}

/// The other hosts of a bridge's segment: a tunnel to each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tunnel {
    /// The bridge's step.
    pub bridge: Label,
    /// How frames are wrapped.
    pub encapsulation: Encapsulation,
    /// What tells the segment from others between the same hosts: 24 bits.
    pub vni: u32,
    /// The other hosts.
    pub peers: Vec<IpAddr>,
}

impl Tunnel {
    /// Joins a bridge to those of the same number on other hosts.
    pub fn on(bridge: &Label, encapsulation: Encapsulation, vni: u32, peers: impl IntoIterator<Item = IpAddr>) -> Self {
        Self { bridge: bridge.clone(), encapsulation, vni, peers: peers.into_iter().collect() }
    }
}
