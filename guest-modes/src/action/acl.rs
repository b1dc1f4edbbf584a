//! `acl`: what becomes of packets on a logical switch.

use ipnet::IpNet;

use crate::{Label, Protocol};

/// What becomes of packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They pass.
    Allow,
    /// They pass, and replies to them.
    AllowRelated,
    /// They are gone.
    Drop,
}

/// What becomes of packets that arrive at ports of a logical switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acl {
    /// The switch's step.
    pub switch: Label,
    /// The highest decides: 0 to 32767.
    pub priority: u16,
    /// Where they come from; empty: anywhere.
    pub sources: Vec<IpNet>,
    /// Where they go; empty: anywhere.
    pub destinations: Vec<IpNet>,
    /// Of one transport protocol; none: of any.
    pub protocol: Option<Protocol>,
    /// To one port; none: to any.
    pub port: Option<u16>,
    /// What becomes of them.
    pub verdict: Verdict,
}

impl Acl {
    /// What becomes of all packets, as long as nothing of a higher priority says otherwise.
    #[must_use]
    pub fn on(switch: &Label, priority: u16, verdict: Verdict) -> Self {
        Self {
            switch: switch.clone(),
            priority,
            sources: Vec::new(),
            destinations: Vec::new(),
            protocol: None,
            port: None,
            verdict,
        }
    }

    /// Only of packets from there.
    #[must_use]
    pub fn sources(self, sources: impl IntoIterator<Item = IpNet>) -> Self {
        Self { sources: sources.into_iter().collect(), ..self }
    }

    /// Only of packets to there.
    #[must_use]
    pub fn destinations(self, destinations: impl IntoIterator<Item = IpNet>) -> Self {
        Self { destinations: destinations.into_iter().collect(), ..self }
    }

    /// Only of packets of one transport protocol, and of all its ports or one.
    #[must_use]
    pub fn protocol(self, protocol: Protocol, port: impl Into<Option<u16>>) -> Self {
        Self { protocol: Some(protocol), port: port.into(), ..self }
    }
}
