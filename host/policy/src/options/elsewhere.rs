//! What belongs to another mode: one of this host, or one that this driver will have, so that whoever follows its documents
//! is told which mode to ask for rather than that there is no such option.

use std::fmt;

use crate::Scope;

/// Which other mode knows an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// One that networks can be created with.
    Here(String),
    /// One that is not in this release.
    ToCome {
        /// Its name.
        mode: String,
        /// What this host has instead.
        has: Vec<String>,
    },
}

/// A mode to come, and its options on networks and on endpoints.
struct ToCome {
    mode: &'static str,
    network: &'static [&'static str],
    endpoint: &'static [&'static str],
}

const TO_COME: [ToCome; 1] =
    [ToCome { mode: "ovn", network: &["egress", "ovn.external", "ovn.switch", "vrf"], endpoint: &[] }];

/// The mode to come that a key belongs to.
pub(crate) fn mode_to_come(key: &str, scope: Scope) -> Option<&'static str> {
    let keys = |of: &ToCome| if scope == Scope::Endpoint { of.endpoint } else { of.network };
    TO_COME.iter().find(|of| keys(of).contains(&key)).map(|of| of.mode)
}

/// Whether a mode of that name is to come.
pub(crate) fn is_to_come(name: &str) -> bool {
    TO_COME.iter().any(|of| of.mode == name)
}

impl Owner {
    /// How to ask for it, for whoever gave its option in a place.
    pub(super) fn how(&self, scope: Scope) -> impl fmt::Display {
        match self {
            Self::ToCome { mode, has } => format!(
                "mode {mode}, asked for with --opt mode={mode}: that mode is not in this release, this host has {}",
                has.join(", ")
            ),
            Self::Here(mode) if scope == Scope::Endpoint => format!(
                "mode {mode}, and this network is of another: connect the container to one that was created with --opt \
                 mode={mode}"
            ),
            Self::Here(mode) => format!("mode {mode}: create the network with --opt mode={mode}"),
        }
    }
}
