//! `publish`: a published port.

use std::net::IpAddr;

use crate::{Label, Protocol, PublishedPort};

/// A published port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    /// The host port's step.
    pub port: Label,
    /// Its protocol.
    pub protocol: Protocol,
    /// The host address it is reached at; none: every address.
    pub host_address: Option<IpAddr>,
    /// The host's port.
    pub host_port: u16,
    /// The container's address.
    pub target: IpAddr,
    /// The container's port.
    pub target_port: u16,
    /// Whether the host's address and port are translated; otherwise the target is opened to what is routed to it.
    pub translate: bool,
}

impl Publish {
    /// A published port whose connections are translated and go to `target`.
    #[must_use]
    pub fn through(port: &Label, published: &PublishedPort, target: IpAddr) -> Self {
        Self {
            port: port.clone(),
            protocol: published.protocol,
            host_address: published.host_address,
            host_port: published.host_port,
            target,
            target_port: published.container_port,
            translate: true,
        }
    }

    /// Sets the host address it is reached at.
    #[must_use]
    pub fn host_address(self, address: impl Into<Option<IpAddr>>) -> Self {
        Self { host_address: address.into(), ..self }
    }

    /// Says whether connections to the host's address and port are translated.
    #[must_use]
    pub fn translate(self, translate: bool) -> Self {
        Self { translate, ..self }
    }
}
