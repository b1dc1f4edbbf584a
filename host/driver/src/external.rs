//! Published ports: bound first, planned second, performed third. Docker may program an endpoint again without revoking
//! what it had; the new list replaces the old one.
//!
//! Docker asks the endpoint that is the container's way out, by rules of its own (the networks' names, say) that have
//! nothing to do with who can publish. So the endpoint of the container that can does it, see [`publisher`].

mod container;
mod hold;
mod publisher;
mod serve;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(crate) use container::unheard;
use docker_api::{EndpointRef, PortBinding, ProgramExternalConnectivity};
use plan::{EndpointId, NetworkId, Protocol, host_binding};
use plumbing::Dataplane;
use tokio::time::Instant;

use crate::Driver;
use crate::endpoint::ids;
use crate::error::Error;
use crate::publish::WantedPort;
use crate::record::{EndpointRecord, EndpointState, NetworkRecord, PortRequest};

impl<D: Dataplane> Driver<D> {
    /// Publishes exactly these ports of an endpoint's container.
    pub(crate) async fn program(&self, request: &ProgramExternalConnectivity, deadline: Instant) -> Result<(), Error> {
        let network = NetworkId::new(request.network.as_str())?;
        let id = EndpointId::new(request.endpoint.as_str())?;
        let network = self.known_network(&network)?;
        let _together = self.together(&self.known_endpoint(&id)?.sandbox).await;
        let record = self.known_endpoint(&id)?;
        // An internal network has no way out and no way in, whatever Docker's version thinks of it; the container starts,
        // as it does on Docker's own bridge.
        if network.network.internal && !request.options.port_map.is_empty() {
            tracing::warn!(network = %network.network.id, endpoint = %id, "no port is published: the network is internal");
        }
        let wanted = if network.network.internal { Vec::new() } else { wanted(request, &network, &record) };
        if wanted.is_empty() {
            return self.ask(&record, None, deadline).await;
        }
        if record.state != EndpointState::Joined {
            return Err(Error::NotJoined(id));
        }
        let by = self.publisher(&record, &wanted).await?;
        if by.is_none() {
            self.refuse(&network, &record, &wanted).await?;
        }
        self.ask(&record, Some(PortRequest { ports: wanted, by }), deadline).await
    }

    /// Publishes no port for an endpoint any more.
    pub(crate) async fn revoke(&self, endpoint: &EndpointRef, deadline: Instant) -> Result<(), Error> {
        let (network, id) = ids(endpoint)?;
        let Some(record) = self.state.endpoint(&id) else { return Ok(()) };
        let _together = self.together(&record.sandbox).await;
        match (self.state.network(&network), self.state.endpoint(&id)) {
            (Some(_), Some(record)) => self.ask(&record, None, deadline).await,
            _ => Ok(()),
        }
    }
}

fn addresses(record: &EndpointRecord) -> Vec<IpAddr> {
    record.endpoint.addresses.iter().map(ipnet::IpNet::addr).collect()
}

fn wanted(request: &ProgramExternalConnectivity, network: &NetworkRecord, record: &EndpointRecord) -> Vec<WantedPort> {
    let alone = || only_family(&addresses(record)).filter(|_| request.options.no_proxy_6_to_4);
    let default = host_binding(&network.network.options).or_else(alone);
    request.options.port_map.iter().map(|binding| want(binding, default)).collect()
}

/// Every address of the one family an endpoint has: where another endpoint of the container serves the other, the relay
/// from it stays out of the way.
fn only_family(addresses: &[IpAddr]) -> Option<IpAddr> {
    let first = addresses.first()?;
    let all: IpAddr = if first.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    addresses.iter().all(|address| address.is_ipv4() == first.is_ipv4()).then_some(all)
}

fn want(binding: &PortBinding, default: Option<IpAddr>) -> WantedPort {
    let protocol = match binding.protocol {
        docker_api::Protocol::Tcp => Protocol::Tcp,
        docker_api::Protocol::Udp => Protocol::Udp,
        docker_api::Protocol::Sctp => Protocol::Sctp,
    };
    WantedPort {
        protocol,
        host_address: binding.host_address.or(default),
        first: binding.host_port,
        last: binding.host_port_end.max(binding.host_port),
        container_port: binding.container_port,
    }
}
