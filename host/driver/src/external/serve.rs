//! What one endpoint publishes: sockets, plan and rules.

use plan::{Admitted, EndpointId, PublishedPort};
use plumbing::Dataplane;
use policy::Question;
use tokio::time::Instant;

use super::addresses;
use crate::Driver;
use crate::error::Error;
use crate::planning::Asking;
use crate::publish::{AtRouter, Claimant, WantedPort};
use crate::record::{EndpointRecord, NetworkRecord, Published};
use crate::store::Batch;

/// What one endpoint is to publish.
#[derive(Debug, Default)]
pub(super) struct Share {
    /// What it was asked for itself: it is the container's way out, and rules carry what comes in and goes out.
    pub(super) own: Vec<WantedPort>,
    /// What another endpoint was asked for that cannot. The container answers the world through that one; so this is
    /// relayed from the sockets: the container answers the host, which is on its own network.
    pub(super) relayed: Vec<WantedPort>,
}

impl Share {
    pub(super) fn is_empty(&self) -> bool {
        self.own.is_empty() && self.relayed.is_empty()
    }
}

impl<D: Dataplane> Driver<D> {
    /// Has an endpoint publish exactly this, instead of what it publishes now; or leaves that as it was. The container is
    /// held.
    pub(super) async fn serve(&self, id: &EndpointId, share: &Share, deadline: Instant) -> Result<(), Error> {
        let of = self.known_endpoint(id)?.network.clone();
        let _alone = self.locks.endpoint(&of, id).await;
        let (network, record) = (self.known_network(&of)?, self.known_endpoint(id)?);
        if share.is_empty() {
            return self.unpublish(&network, &record, deadline).await;
        }
        let (addresses, mates) = (addresses(&record), self.mate_ids(&record));
        let claimant = Claimant { endpoint: id, addresses: &addresses, mates: &mates };
        let settle = |own: &[WantedPort]| match network.publishing_router() {
            None => self.ports.settle(claimant, own, &share.relayed),
            Some(vrf) => self.ports.settle_elsewhere(claimant, own, &share.relayed, &self.at_router(vrf, id)),
        };
        let mut settled = settle(&share.own)?;
        let mut plan = Admitted::default();
        if !settled.own().is_empty() {
            plan = self.plan_publish(&self.module_of(&network).await?, &network, &record, settled.own()).await?;
            // A mode that ignores the ports gets nothing relayed either: another network may want them.
            if plan.steps.is_empty() {
                settled = settle(&[])?;
            }
        }
        let after = record.publishing(settled.ports(), plan);
        if serving(&after) != serving(&record) {
            self.replace(&network, &record, &after, deadline).await?;
        } else if settled.is_held() {
            return Ok(());
        }
        self.ports.hold(claimant, settled).closed().await;
        Ok(())
    }

    /// What the router of a VRF publishes for containers of this host: for an endpoint, and for others. What it does for
    /// those of other hosts stands in OVN's database, which refuses it to a second one.
    fn at_router(&self, vrf: &str, own: &EndpointId) -> AtRouter {
        let mut there = AtRouter::default();
        for record in self.state.endpoints() {
            let Some(published) = serving(&record) else { continue };
            let Some(network) = self.state.network(&record.network) else { continue };
            if network.publishing_router() == Some(vrf) {
                let ports = if record.endpoint.id == *own { &mut there.own } else { &mut there.others };
                ports.extend(published.at_router());
            }
        }
        there
    }

    pub(super) async fn plan_publish<'a>(
        &self,
        asking: impl Into<Asking<'a>> + Send,
        network: &NetworkRecord,
        record: &EndpointRecord,
        ports: &[PublishedPort],
    ) -> Result<Admitted, Error> {
        let question = Question::Publish(network.network.clone(), record.endpoint.clone(), ports.to_vec());
        self.planned_on(asking, &question, &network.plan).await
    }

    /// Undoes the rules of what an endpoint published and performs those of what it publishes now, written down in
    /// between; what fails puts back what was.
    async fn replace(
        &self,
        network: &NetworkRecord,
        before: &EndpointRecord,
        after: &EndpointRecord,
        deadline: Instant,
    ) -> Result<(), Error> {
        self.undo_published(network, before, deadline).await?;
        if let Err(error) = self.store.write(Batch::default().endpoint(after)).await {
            self.put_back(network, before, deadline).await;
            return Err(error.into());
        }
        let Err(error) = self.perform_published(network, after, deadline).await else { return Ok(()) };
        self.undo_published(network, after, deadline).await?;
        self.put_back(network, before, deadline).await;
        Err(error)
    }

    /// Lets published ports go, sockets and rules.
    async fn unpublish(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        deadline: Instant,
    ) -> Result<(), Error> {
        self.ports.release(&record.endpoint.id).closed().await;
        if serving(record).is_none() {
            return Ok(());
        }
        self.undo_published(network, record, deadline).await?;
        let nothing = record.publishing(Vec::new(), Admitted::default());
        Ok(self.store.write_in_the_end(Batch::default().endpoint(&nothing)).await?)
    }

    async fn perform_published(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        deadline: Instant,
    ) -> Result<(), Error> {
        let work = self.work_on(network, record, record.published_steps());
        let _rules = self.rules.read().await;
        self.state.put_endpoint(record.clone());
        Ok(self.dataplane.perform(&work, deadline).await?)
    }

    /// Undoes the rules of what an endpoint publishes. Then its record says so, before others put all rules back.
    pub(crate) async fn undo_published(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        deadline: Instant,
    ) -> Result<(), Error> {
        if serving(record).is_none() {
            return Ok(());
        }
        let work = self.work_on(network, record, record.published_steps());
        let _rules = self.rules.read().await;
        self.dataplane.undo(&work, deadline).await?;
        self.state.put_endpoint(record.publishing(Vec::new(), Admitted::default()));
        Ok(())
    }

    /// Makes an endpoint publish again what it did before something else failed.
    async fn put_back(&self, network: &NetworkRecord, before: &EndpointRecord, deadline: Instant) {
        self.write_endpoint(before).await;
        if let Err(error) = self.perform_published(network, before, deadline).await {
            tracing::error!(endpoint = %before.endpoint.id, %error, "its published ports are not back: it is tried again");
        }
    }
}

/// What an endpoint publishes, if it does.
pub(super) fn serving(record: &EndpointRecord) -> Option<&Published> {
    record.published.as_ref().filter(|published| !published.ports.is_empty())
}
