//! Removing a network.

use plan::{AdmittedStep, NetworkId};
use plumbing::{Dataplane, Work};
use tokio::time::Instant;

use crate::Driver;
use crate::error::Error;
use crate::record::{NetworkRecord, NetworkState};
use crate::store::Batch;
use crate::upgrade::is_rule;

impl<D: Dataplane> Driver<D> {
    /// Removes a network. Docker forgets it whatever the answer, so what cannot be undone now is kept and tried again.
    pub(crate) async fn delete_network(&self, id: &NetworkId, deadline: Instant) -> Result<(), Error> {
        let _alone = self.locks.network(id).await;
        let Some(known) = self.state.network(id) else { return Ok(()) };
        let mut record = NetworkRecord::clone(&known);
        record.state = NetworkState::Removing;
        if let Err(error) = self.store.write_in_the_end(Batch::default().network(&record)).await {
            tracing::error!(network = %id, %error, "that the network goes is not written down yet");
        }
        self.state.put_network(record);
        self.remove_network(id, deadline).await;
        Ok(())
    }

    /// Undoes a network that is being removed, endpoints first, and forgets it once nothing is left. The network is held.
    pub(crate) async fn remove_network(&self, id: &NetworkId, deadline: Instant) {
        let Some(record) = self.state.network(id) else { return };
        for endpoint in self.state.endpoints_of(id) {
            if !self.remove_endpoint(&record, &endpoint, deadline).await {
                return;
            }
        }
        if let Err(error) = self.undo_alone(&record, deadline).await {
            tracing::warn!(network = %id, %error, "network not undone yet: it is tried again");
            self.notes.not_undone(&(id.clone(), None), error.to_string());
        }
    }

    /// Undoes a network once nobody else works on what it shares, and forgets it.
    async fn undo_alone(&self, record: &NetworkRecord, deadline: Instant) -> Result<(), Error> {
        let id = &record.network.id;
        let _shared = self.locks.shared(record.shared_ids(), id, deadline).await?;
        self.undo_network(record, deadline).await?;
        self.forget_network(record).await;
        tracing::info!(network = %id, "network removed");
        Ok(())
    }

    /// Undoes what an upgrade made and what a network's own plan made: rules by themselves, since they need no Open vSwitch
    /// and who puts rules back must not wait for one.
    async fn undo_network(&self, record: &NetworkRecord, deadline: Instant) -> Result<(), plumbing::Error> {
        let mut works = self.made_by_attempt(record);
        works.extend(self.undoing(record));
        let mut undone = Ok(());
        {
            let _rules = self.rules.read().await;
            for work in &works {
                undone = undone.and(self.dataplane.undo(&part(work, is_rule), self.patience()).await);
            }
        }
        for work in &works {
            let objects = part(work, |step| !is_rule(step));
            undone = self.dataplane.undo(&objects, deadline).await.and(undone);
        }
        undone
    }

    /// Forgets a network, its claims, and its module if no other network needs it.
    pub(crate) async fn forget_network(&self, record: &NetworkRecord) {
        let id = &record.network.id;
        self.state.forget_network(id);
        self.notes.forget(&(id.clone(), None));
        let attempted = record.attempt.as_deref().map(|attempt| &attempt.network);
        let mut batch = Batch::default().forget_network(id);
        for record in std::iter::once(record).chain(attempted) {
            batch = self.unclaim(&record.plan, id).iter().fold(batch, Batch::claim);
            if !self.is_needed(&record.digest, id) {
                batch = batch.forget_module(&record.digest);
            }
        }
        if let Err(error) = self.store.write_in_the_end(batch).await {
            tracing::error!(network = %id, %error, "the network's record is still in the store: it is tried again");
        }
        self.forget_module(&record.digest).await;
    }
}

/// Some steps of a work, with all of them in scope.
fn part(work: &Work, wanted: impl Fn(&AdmittedStep) -> bool) -> Work {
    let steps = work.steps.iter().filter(|step| wanted(step)).cloned().collect();
    Work { mark: work.mark.clone(), steps, scope: work.steps.iter().chain(&work.scope).cloned().collect() }
}
