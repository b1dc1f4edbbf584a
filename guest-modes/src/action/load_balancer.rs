//! `load-balancer`: a published port on a logical router.

use std::net::IpAddr;

use crate::{Label, Protocol, PublishedPort};

/// A published port on a logical router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadBalancer {
    /// The router's step.
    pub router: Label,
    /// Its protocol.
    pub protocol: Protocol,
    /// The address it is reached at.
    pub address: IpAddr,
    /// The port it is reached at.
    pub port: u16,
    /// The container's address.
    pub target: IpAddr,
    /// The container's port.
    pub target_port: u16,
}

impl LoadBalancer {
    /// A published port whose connections to `address` go to `target`.
    #[must_use]
    pub fn on(router: &Label, published: &PublishedPort, address: IpAddr, target: IpAddr) -> Self {
        Self {
            router: router.clone(),
            protocol: published.protocol,
            address,
            port: published.host_port,
            target,
            target_port: published.container_port,
        }
    }
}
