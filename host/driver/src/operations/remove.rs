//! Removing what Docker has forgotten: a removal that the driver was not there to hear of, or an endpoint that Docker died
//! over. Whoever asks has made sure of it, since a driver asks Docker for the hosts of its swarm and nothing else; from there
//! on it goes as if Docker had asked.

use admin::report::Removed;
use admin::{Failure, FailureKind, Operations};
use plumbing::Dataplane;

use crate::Driver;
use crate::record::{EndpointRecord, NetworkRecord, NetworkState};

impl<D: Dataplane> Driver<D> {
    pub(super) async fn remove_forgotten(&self, record: &NetworkRecord) -> Result<Removed, Failure> {
        let id = &record.network.id;
        if record.state == NetworkState::Creating {
            let why = format!("network {id} is being created, and Docker waits for it: try again in a moment");
            return Err(Failure::new(FailureKind::Unavailable, why));
        }
        let endpoints = self.state.endpoints_of(id);
        tracing::info!(network = %id, endpoints = endpoints.len(), "an operator removes a network");
        self.delete_network(id, self.patience()).await.map_err(|error| Failure::internal(&error))?;
        Ok(Removed {
            network: id.to_string(),
            endpoints: endpoints.iter().map(|endpoint| endpoint.endpoint.id.to_string()).collect(),
            kept: Operations::to_be_undone(self).await?.into_iter().filter(|left| left.network == **id).collect(),
            ..Removed::default()
        })
    }

    pub(super) async fn remove_forgotten_endpoint(&self, network: &NetworkRecord, record: &EndpointRecord) -> Removed {
        let (of, id) = (&network.network.id, &record.endpoint.id);
        tracing::info!(network = %of, endpoint = %id, "an operator removes an endpoint");
        let _alone = self.locks.endpoint(of, id).await;
        let mut removed = Removed { network: of.to_string(), endpoint: Some(id.to_string()), ..Removed::default() };
        if let (Some(network), Some(record)) = (self.state.network(of), self.state.endpoint(id))
            && !self.remove_endpoint(&network, &record, self.patience()).await
        {
            removed.kept.push(self.to_be_undone(&record.subject()));
        }
        removed
    }
}
