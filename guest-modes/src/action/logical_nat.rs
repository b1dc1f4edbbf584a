//! `logical-nat`: source address translation by a logical router.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::Label;

/// What leaves a logical router from `sources` carries the address `external`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogicalNat {
    /// The router's step.
    pub router: Label,
    /// The address it carries.
    pub external: IpAddr,
    /// The pools to hide.
    pub sources: Vec<IpNet>,
}

impl LogicalNat {
    /// Hides pools behind an address.
    pub fn on(router: &Label, external: IpAddr, sources: impl IntoIterator<Item = IpNet>) -> Self {
        Self { router: router.clone(), external, sources: sources.into_iter().collect() }
    }
}
