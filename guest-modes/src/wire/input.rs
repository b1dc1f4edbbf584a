//! What the host describes.

use crate::bindings::ovs::mode::types;
use crate::{Endpoint, Network, Protocol, PublishedPort, Subnet};

impl From<types::Network> for Network {
    fn from(network: types::Network) -> Self {
        Self {
            id: network.id,
            internal: network.internal,
            subnets: network.subnets.into_iter().map(Into::into).collect(),
            options: network.options.into(),
            facts: network.facts.into(),
        }
    }
}

impl From<types::Subnet> for Subnet {
    fn from(subnet: types::Subnet) -> Self {
        Self { pool: subnet.pool.into(), gateway: subnet.gateway.map(Into::into), auxiliary: subnet.auxiliary.into() }
    }
}

impl From<types::Endpoint> for Endpoint {
    fn from(endpoint: types::Endpoint) -> Self {
        Self {
            id: endpoint.id,
            mac: endpoint.mac.into(),
            addresses: endpoint.addresses.into_iter().map(Into::into).collect(),
            options: endpoint.options.into(),
            facts: endpoint.facts.into(),
        }
    }
}

impl From<types::PublishedPort> for PublishedPort {
    fn from(port: types::PublishedPort) -> Self {
        Self {
            protocol: port.protocol.into(),
            host_address: port.host_address.map(Into::into),
            host_port: port.host_port,
            container_port: port.container_port,
        }
    }
}

impl From<types::Protocol> for Protocol {
    fn from(protocol: types::Protocol) -> Self {
        match protocol {
            types::Protocol::Tcp => Self::Tcp,
            types::Protocol::Udp => Self::Udp,
            types::Protocol::Sctp => Self::Sctp,
        }
    }
}
