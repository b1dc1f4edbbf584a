//! `masquerade`: source address translation.

use ipnet::IpNet;

use crate::Label;

/// What leaves the host from `sources` by another way than the port carries the host's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masquerade {
    /// The host port's step.
    pub port: Label,
    /// The pools to hide.
    pub sources: Vec<IpNet>,
}

impl Masquerade {
    /// Hides pools behind the host's address.
    pub fn through(port: &Label, sources: impl IntoIterator<Item = IpNet>) -> Self {
        Self { port: port.clone(), sources: sources.into_iter().collect() }
    }
}
