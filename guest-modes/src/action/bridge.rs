//! `bridge`: an Open vSwitch bridge.

use crate::{FromValue, Value};

/// How frames are switched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Datapath {
    /// By what this host has.
    #[default]
    Auto,
    /// In the kernel.
    System,
    /// In ovs-vswitchd.
    Netdev,
}

impl FromValue<'_> for Datapath {
    const WANTED: &'static str = "auto, system or netdev";

    fn from_value(value: &Value) -> Option<Self> {
        match <&str>::from_value(value)? {
            "auto" => Some(Self::Auto),
            "system" => Some(Self::System),
            "netdev" => Some(Self::Netdev),
            _ => None,
        }
    }
}

/// An Open vSwitch bridge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bridge {
    /// The name a user gave; none: the network's own bridge, which the host names.
    pub name: Option<String>,
    /// How its frames are switched.
    pub datapath: Datapath,
}

impl Bridge {
    /// The network's own bridge, named and removed by the host.
    #[must_use]
    pub fn own() -> Self {
        Self::default()
    }

    /// A bridge that a user named. One that exists is used and never removed.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }

    /// Says how its frames are switched.
    #[must_use]
    pub fn datapath(self, datapath: Datapath) -> Self {
        Self { datapath, ..self }
    }
}
