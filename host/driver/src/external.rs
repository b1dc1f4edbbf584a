//! Published ports: bound first, planned second, performed third. Docker may program an endpoint again without revoking
//! what it had; the new list replaces the old one.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use docker_api::{EndpointRef, PortBinding, ProgramExternalConnectivity};
use plan::{Asked, EndpointId, NetworkId, Protocol, PublishedPort};
use plumbing::Dataplane;
use tokio::time::Instant;

use crate::Driver;
use crate::endpoint::ids;
use crate::error::Error;
use crate::network::host_binding;
use crate::publish::{Settled, WantedPort};
use crate::record::{EndpointRecord, EndpointState, NetworkRecord, Published};
use crate::store::Batch;

impl<D: Dataplane> Driver<D> {
    /// Publishes exactly these ports of an endpoint.
    pub(crate) async fn program(&self, request: &ProgramExternalConnectivity, deadline: Instant) -> Result<(), Error> {
        let network = NetworkId::new(request.network.as_str())?;
        let id = EndpointId::new(request.endpoint.as_str())?;
        let _alone = self.locks.endpoint(&network, &id).await;
        let network = self.known_network(&network)?;
        let record = self.known_endpoint(&id)?;
        // An internal network has no way out and no way in, whatever Docker's version thinks of it; the container starts,
        // as it does on Docker's own bridge.
        if network.network.internal && !request.options.port_map.is_empty() {
            tracing::warn!(network = %network.network.id, endpoint = %id, "no port is published: the network is internal");
        }
        let wanted = if network.network.internal { Vec::new() } else { wanted(request, &network, &record) };
        if wanted.is_empty() {
            return self.unpublish(&network, &record, deadline).await;
        }
        let settled = self.ports.settle(&id, &wanted)?;
        let ports = settled.ports();
        let published = self.plan_publish(&network, &record, ports).await?;
        if record.published.as_ref() == Some(&published) {
            return Ok(());
        }
        self.unpublish(&network, &record, deadline).await?;
        self.publish(&network, &id, published, settled, deadline).await
    }

    /// Publishes no port of an endpoint any more.
    pub(crate) async fn revoke(&self, endpoint: &EndpointRef, deadline: Instant) -> Result<(), Error> {
        let (network, id) = ids(endpoint)?;
        let _alone = self.locks.endpoint(&network, &id).await;
        let (Some(network), Some(record)) = (self.state.network(&network), self.state.endpoint(&id)) else {
            return Ok(());
        };
        self.unpublish(&network, &record, deadline).await
    }

    async fn plan_publish(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        ports: Vec<PublishedPort>,
    ) -> Result<Published, Error> {
        let mode = self.catalog.by_digest(&network.digest).await?;
        let plan = self.sandbox.plan_publish(&mode, &network.network, &record.endpoint, &ports).await?;
        let asked = Asked::Publish { endpoint: &record.endpoint, of: &network.plan, ports: &ports };
        let plan = self.admit_for(&mode, network, asked, &plan)?;
        Ok(Published { ports, plan })
    }

    /// Writes the published ports down, performs their plan and starts relaying; or leaves nothing.
    async fn publish(
        &self,
        network: &NetworkRecord,
        id: &EndpointId,
        published: Published,
        settled: Settled,
        deadline: Instant,
    ) -> Result<(), Error> {
        let mut record = EndpointRecord::clone(&*self.known_endpoint(id)?);
        let work = self.work_on(network, &record, published.plan.steps.clone());
        let serves = !published.plan.steps.is_empty();
        record.published = Some(published);
        self.store.write(Batch::default().endpoint(&record)).await?;
        let performed = {
            let _rules = self.rules.read().await;
            self.state.put_endpoint(record.clone());
            self.dataplane.perform(&work, deadline).await
        };
        if let Err(error) = performed {
            self.unpublish(network, &record, deadline).await?;
            return Err(error.into());
        }
        // A mode that ignores the ports (`publish=ignore`) gets nothing relayed either: another network may want them.
        if serves {
            self.ports.hold(id, settled, &addresses(&record));
        }
        Ok(())
    }

    /// Lets published ports go, sockets and rules.
    async fn unpublish(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        deadline: Instant,
    ) -> Result<(), Error> {
        let Some(published) = &record.published else { return Ok(()) };
        let work = self.work_on(network, record, published.plan.steps.clone());
        self.ports.release(&record.endpoint.id);
        let record = EndpointRecord { published: None, ..record.clone() };
        {
            let _rules = self.rules.read().await;
            self.dataplane.undo(&work, deadline).await?;
            self.state.put_endpoint(record.clone());
        }
        Ok(self.store.write_in_the_end(Batch::default().endpoint(&record)).await?)
    }

    /// Binds the sockets of everything published again: they went with the driver's last process.
    pub(crate) fn bind_again(&self) {
        for record in self.state.endpoints() {
            let serving = |published: &&Published| !published.plan.steps.is_empty();
            let Some(published) = record.published.as_ref().filter(serving) else { continue };
            if record.state != EndpointState::Joined || record.boot != self.boot {
                continue;
            }
            // What the guard no longer admits is not held; the reconcile that follows says so.
            let Some(network) = self.state.network(&record.network) else { continue };
            if self.readmit_published(&network, &record, published).is_err() {
                continue;
            }
            let wanted: Vec<_> = published.ports.iter().map(WantedPort::from).collect();
            match self.ports.settle(&record.endpoint.id, &wanted) {
                Ok(settled) => self.ports.hold(&record.endpoint.id, settled, &addresses(&record)),
                Err(error) => self.note_busy(&record, &error.to_string()),
            }
        }
    }

    fn note_busy(&self, record: &Arc<EndpointRecord>, error: &str) {
        tracing::error!(endpoint = %record.endpoint.id, error, "a published port was taken while the driver was down");
    }
}

fn addresses(record: &EndpointRecord) -> Vec<IpAddr> {
    record.endpoint.addresses.iter().map(ipnet::IpNet::addr).collect()
}

fn wanted(request: &ProgramExternalConnectivity, network: &NetworkRecord, record: &EndpointRecord) -> Vec<WantedPort> {
    // Where another endpoint of the container serves IPv6, the relay from IPv6 to a container without stays out of its way.
    let ipv4_only = request.options.no_proxy_6_to_4 && addresses(record).iter().all(IpAddr::is_ipv4);
    let everywhere = ipv4_only.then_some(IpAddr::from(Ipv4Addr::UNSPECIFIED));
    let default = host_binding(&network.network.options).or(everywhere);
    request.options.port_map.iter().map(|binding| want(binding, default)).collect()
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
