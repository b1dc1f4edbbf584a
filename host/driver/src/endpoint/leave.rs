//! Undoing an endpoint: when its container leaves, when Docker deletes it, and when nobody did but it is gone.

use docker_api::EndpointRef;
use plan::{Admitted, EndpointId, NetworkId};
use plumbing::Dataplane;
use tokio::time::Instant;

use crate::Driver;
use crate::error::Error;
use crate::record::{EndpointRecord, EndpointState, NetworkRecord};
use crate::store::Batch;

impl<D: Dataplane> Driver<D> {
    /// Takes an endpoint's port out of the switch; another one of its container publishes what it did, if it can.
    pub(crate) async fn leave(&self, endpoint: &EndpointRef, deadline: Instant) -> Result<(), Error> {
        let before = self.state.endpoint(&ids(endpoint)?.1);
        self.leave_alone(endpoint, deadline).await?;
        if let Some(left) = before {
            self.hand_over(&left, deadline).await;
        }
        Ok(())
    }

    /// Takes an endpoint's port out of the switch. What cannot be undone now is tried again.
    async fn leave_alone(&self, endpoint: &EndpointRef, deadline: Instant) -> Result<(), Error> {
        let (network, id) = ids(endpoint)?;
        let _alone = self.locks.endpoint(&network, &id).await;
        let (Some(network), Some(known)) = (self.state.network(&network), self.state.endpoint(&id)) else {
            return Ok(());
        };
        if matches!(known.state, EndpointState::Planned | EndpointState::Left | EndpointState::Removing) {
            return Ok(());
        }
        let mut record = EndpointRecord::clone(&known);
        record.state = EndpointState::Leaving;
        self.state.put_endpoint(record.clone());
        let mut undoing = record.clone();
        // Side by side: a crash in between finds either a joined endpoint without its port, or this.
        let (written, undone) = tokio::join!(
            self.store.write_in_the_end(Batch::default().endpoint(&record)),
            self.undo_endpoint(&network, &mut undoing, deadline)
        );
        if undone {
            record.state = EndpointState::Left;
            record.sandbox = None;
            record.published = None;
            self.state.put_endpoint(record);
        }
        Ok(written?)
    }

    /// Removes an endpoint.
    pub(crate) async fn delete_endpoint(&self, endpoint: &EndpointRef, deadline: Instant) -> Result<(), Error> {
        let (network, id) = ids(endpoint)?;
        let _alone = self.locks.endpoint(&network, &id).await;
        if let (Some(network), Some(record)) = (self.state.network(&network), self.state.endpoint(&id)) {
            self.remove_endpoint(&network, &record, deadline).await;
        }
        Ok(())
    }

    /// Undoes an endpoint and forgets it; whether nothing is left. The endpoint, or its network, is held.
    pub(crate) async fn remove_endpoint(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        deadline: Instant,
    ) -> bool {
        let nothing_there = matches!(record.state, EndpointState::Planned | EndpointState::Left);
        let mut record = EndpointRecord::clone(record);
        if nothing_there || self.undo_endpoint(network, &mut record, deadline).await {
            self.forget_endpoint(&record).await;
            return true;
        }
        record.state = EndpointState::Removing;
        self.write_endpoint(&record).await;
        self.state.put_endpoint(record);
        false
    }

    /// Lets an endpoint's published ports go and undoes what its plans made; whether all of it is gone.
    ///
    /// Rules come first and by themselves: they need no Open vSwitch, and who puts rules back must not wait for one. Its
    /// record loses them at once, since the next holder of a port gets rules with the same key.
    pub(crate) async fn undo_endpoint(
        &self,
        network: &NetworkRecord,
        record: &mut EndpointRecord,
        deadline: Instant,
    ) -> bool {
        self.ports.release(&record.endpoint.id).closed().await;
        let ruled = self.undo_published(network, record, self.patience()).await;
        if ruled.is_ok() {
            *record = record.publishing(Vec::new(), Admitted::default());
        }
        let undone = self.dataplane.undo(&self.endpoint_work(network, record), deadline).await;
        let Err(error) = undone.map_err(Error::from).and(ruled) else { return true };
        tracing::warn!(endpoint = %record.endpoint.id, %error, "endpoint not undone yet: it is tried again");
        self.notes.not_undone(&record.subject(), error.to_string());
        false
    }

    /// Writes down what is so whether it is written or not.
    pub(crate) async fn write_endpoint(&self, record: &EndpointRecord) {
        if let Err(error) = self.store.write_in_the_end(Batch::default().endpoint(record)).await {
            tracing::error!(endpoint = %record.endpoint.id, %error, "its record is not written: it is tried again");
        }
    }

    /// Forgets an endpoint of which nothing is left.
    pub(crate) async fn forget_endpoint(&self, record: &EndpointRecord) {
        let id = &record.endpoint.id;
        self.ports.release(id).closed().await;
        self.state.forget_endpoint(id);
        self.notes.forget(&record.subject());
        if let Err(error) = self.store.write_in_the_end(Batch::default().forget_endpoint(id)).await {
            tracing::error!(endpoint = %id, %error, "the endpoint's record is still in the store: it is tried again");
        }
    }
}

pub(crate) fn ids(endpoint: &EndpointRef) -> Result<(NetworkId, EndpointId), Error> {
    Ok((NetworkId::new(endpoint.network.as_str())?, EndpointId::new(endpoint.endpoint.as_str())?))
}
