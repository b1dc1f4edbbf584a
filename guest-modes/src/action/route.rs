//! Ways to what lies behind a station.

use std::net::IpAddr;

use ipnet::IpNet;

/// A way to what lies behind a station of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Where to.
    pub destination: IpNet,
    /// Through whom.
    pub next_hop: IpAddr,
}

impl Route {
    /// A way to a destination through a station.
    #[must_use]
    pub fn new(destination: IpNet, next_hop: IpAddr) -> Self {
        Self { destination, next_hop }
    }
}
