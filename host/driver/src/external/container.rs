//! What the endpoints of a container publish together. Docker asks the endpoint that it takes for the container's way out,
//! and asks it before the driver can know which other networks the container is on; so this is settled anew with every
//! endpoint that joins or leaves.

use std::sync::Arc;

use plan::EndpointId;
use plumbing::Dataplane;
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use super::serve::{Share, serving};
use crate::Driver;
use crate::error::Error;
use crate::record::{EndpointRecord, EndpointState, PortRequest};
use crate::store::Batch;

impl<D: Dataplane> Driver<D> {
    /// Excludes others who settle which endpoint of a container publishes what.
    pub(super) async fn together(&self, sandbox: &Option<String>) -> Option<OwnedMutexGuard<()>> {
        match sandbox {
            Some(sandbox) => Some(self.locks.container(sandbox).await),
            None => None,
        }
    }

    /// The other endpoints of an endpoint's container.
    pub(super) fn mates(&self, record: &EndpointRecord) -> Vec<Arc<EndpointRecord>> {
        let Some(sandbox) = &record.sandbox else { return Vec::new() };
        let mut mates = self.state.in_sandbox(sandbox);
        mates.retain(|mate| {
            mate.endpoint.id != record.endpoint.id && mate.state == EndpointState::Joined && mate.boot == self.boot
        });
        mates
    }

    pub(super) fn mate_ids(&self, record: &EndpointRecord) -> Vec<EndpointId> {
        self.mates(record).iter().map(|mate| mate.endpoint.id.clone()).collect()
    }

    /// Takes down what Docker asks of an endpoint and does it; or leaves all as it was.
    pub(super) async fn ask(
        &self,
        record: &EndpointRecord,
        request: Option<PortRequest>,
        deadline: Instant,
    ) -> Result<(), Error> {
        let before = record.port_request().cloned();
        if before.is_none() && request.is_none() {
            return Ok(());
        }
        self.put_request(record, request).await;
        if let Err(error) = self.arrange(record, deadline).await {
            self.put_request(record, before).await;
            self.arrange_in_the_end(record, deadline).await;
            return Err(error);
        }
        // What it publishes by itself was written together with the request.
        let ports = |record: &EndpointRecord| serving(record).map(|it| (it.ports.clone(), it.plan.clone()));
        let now = self.state.endpoint(&record.endpoint.id);
        if now.is_some_and(|now| ports(&now) != ports(record)) {
            return Ok(());
        }
        self.write_request(record).await
    }

    /// Publishes through an endpoint that has just joined what others of its container were asked for in vain.
    pub(crate) async fn take_over(&self, id: &EndpointId, deadline: Instant) -> Result<(), Error> {
        let Some(record) = self.state.endpoint(id) else { return Ok(()) };
        if !self.mates(&record).iter().any(|mate| unheard(mate).is_some()) {
            return Ok(());
        }
        let _together = self.together(&record.sandbox).await;
        let mut waiting = Vec::new();
        for mate in self.mates(&record).into_iter().filter(|mate| unheard(mate).is_some()) {
            let wanted = mate.port_request().map(|request| request.ports.clone()).unwrap_or_default();
            if self.would_relay(&record, &wanted).await {
                waiting.push(mate);
            }
        }
        if waiting.is_empty() {
            return Ok(());
        }
        for mate in &waiting {
            self.put_publisher(mate, Some(id.clone())).await;
        }
        if let Err(error) = self.arrange(&record, deadline).await {
            for mate in &waiting {
                self.put_publisher(mate, None).await;
            }
            self.arrange_in_the_end(&record, deadline).await;
            return Err(error);
        }
        for mate in &waiting {
            self.write_request(mate).await?;
        }
        Ok(())
    }

    /// Finds others to publish what an endpoint published for its container, which it has left.
    pub(crate) async fn hand_over(&self, left: &EndpointRecord, deadline: Instant) {
        if self.mates(left).iter().all(|mate| mate.published.is_none()) {
            return;
        }
        let _together = self.together(&left.sandbox).await;
        for mate in self.mates(left) {
            let request = mate.port_request().filter(|request| request.by.as_ref() == Some(&left.endpoint.id));
            let Some(PortRequest { ports, .. }) = request else { continue };
            let by = self.publisher(&mate, ports).await.unwrap_or_else(|error| {
                tracing::warn!(endpoint = %mate.endpoint.id, %error, "nobody is found to publish its ports");
                None
            });
            self.put_publisher(&mate, by).await;
            if let Err(error) = self.write_request(&mate).await {
                tracing::error!(endpoint = %mate.endpoint.id, %error, "its record is not written: it is tried again");
            }
        }
        self.arrange_in_the_end(left, deadline).await;
    }

    /// Has every endpoint of a container publish what it is to: this endpoint, if it is still in it, and the others. What
    /// goes wrong with endpoints that have nothing to do with this one is only logged.
    async fn arrange(&self, record: &EndpointRecord, deadline: Instant) -> Result<(), Error> {
        let going = |own: &EndpointRecord| matches!(own.state, EndpointState::Leaving | EndpointState::Removing);
        let own = self.state.endpoint(&record.endpoint.id);
        let own = own.filter(|own| own.sandbox == record.sandbox && !going(own));
        let by = own.as_ref().and_then(|own| own.port_request()?.by.clone());
        let container: Vec<_> = self.mates(record).into_iter().chain(own).collect();
        let mut shares = shares(&container);
        // Those who publish nothing any more go first: others may want their ports.
        shares.sort_by_key(|(_, share)| !share.is_empty());
        for (id, share) in shares {
            match self.serve(&id, &share, deadline).await {
                Err(error) if id != record.endpoint.id && Some(&id) != by.as_ref() => {
                    tracing::error!(endpoint = %id, %error, "its ports are not all published");
                }
                done => done?,
            }
        }
        Ok(())
    }

    async fn arrange_in_the_end(&self, record: &EndpointRecord, deadline: Instant) {
        if let Err(error) = self.arrange(record, deadline).await {
            tracing::error!(endpoint = %record.endpoint.id, %error, "its ports are not all published");
        }
    }

    async fn put_request(&self, record: &EndpointRecord, request: Option<PortRequest>) {
        let _alone = self.locks.endpoint(&record.network, &record.endpoint.id).await;
        if let Some(now) = self.state.endpoint(&record.endpoint.id) {
            self.state.put_endpoint(now.asked_for(request));
        }
    }

    async fn put_publisher(&self, record: &EndpointRecord, by: Option<EndpointId>) {
        let Some(request) = record.port_request() else { return };
        self.put_request(record, Some(PortRequest { by, ports: request.ports.clone() })).await;
    }

    /// Writes down what was asked of an endpoint, and says so if nobody does it.
    async fn write_request(&self, record: &EndpointRecord) -> Result<(), Error> {
        let _alone = self.locks.endpoint(&record.network, &record.endpoint.id).await;
        let Some(now) = self.state.endpoint(&record.endpoint.id) else { return Ok(()) };
        if let Some(message) = unheard(&now) {
            tracing::warn!(network = %now.network, endpoint = %now.endpoint.id, "{message}");
        }
        Ok(self.store.write_in_the_end(Batch::default().endpoint(&now)).await?)
    }
}

/// What each endpoint of a container is to publish.
fn shares(container: &[Arc<EndpointRecord>]) -> Vec<(EndpointId, Share)> {
    let share = |server: &EndpointRecord| {
        let mut share = Share::default();
        for asked in container {
            let Some(request) = asked.port_request() else { continue };
            if request.by.as_ref() == Some(&server.endpoint.id) {
                let own = asked.endpoint.id == server.endpoint.id;
                let ports = if own { &mut share.own } else { &mut share.relayed };
                ports.extend(&request.ports);
            }
        }
        share
    };
    container.iter().map(|server| (server.endpoint.id.clone(), share(server))).collect()
}

/// What people are told where nobody publishes what was asked of an endpoint.
pub(crate) fn unheard(record: &EndpointRecord) -> Option<&'static str> {
    let message = "its container's ports (-p) are published by nobody: no network that it is on does so";
    record.port_request().filter(|request| request.by.is_none()).map(|_| message)
}
