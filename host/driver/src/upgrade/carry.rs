//! Carrying an upgrade out.
//!
//! What is new and what is changed comes first, the network's before its endpoints', and what went is undone last. What the
//! network is and what it is to become stand in its record meanwhile: whoever finds both there takes back.

use std::collections::BTreeSet;

use plan::{Admitted, EndpointId, NetworkId};
use plumbing::Dataplane;
use policy::Loaded;

use super::NotUpgraded;
use super::difference::Side;
use super::next::{Next, Pair};
use super::passage::Passage;
use crate::Driver;
use crate::error::Error;
use crate::network::{part, shares_beyond};
use crate::notes::Problem;
use crate::record::{EndpointRecord, EndpointState, NetworkRecord};
use crate::store::Batch;

impl<D: Dataplane> Driver<D> {
    /// Makes a network and its endpoints what they are to become; or leaves all as it was. The network is held, and what
    /// it shares.
    pub(super) async fn carry_out(&self, next: &Next, mode: &Loaded) -> Result<(), Error> {
        let (before, after) = (&*next.network.before, &next.network.after);
        let id = &before.network.id;
        // Waited for now, since who puts rules back must not wait for it with us.
        self.dataplane.ready(self.patience()).await?;
        let more = shares_beyond(&after.plan, &before.plan);
        let record = NetworkRecord { attempt: Some(Box::new(next.attempt())), ..before.clone() };
        let rules = self.rules.read().await;
        let claims = self.enter(&record, &more, &next.host)?;
        let mut written = claims.iter().fold(Batch::default().network(&record), Batch::claim);
        if before.digest != after.digest {
            written = written.module(mode.digest(), mode.bytes());
        }
        if let Err(error) = self.store.write(written).await {
            self.unclaim(&more, id);
            self.state.put_network(before.clone());
            return Err(error.into());
        }
        let done = match self.pass(&self.forth(next)).await {
            Ok(()) => self.settle_on(next, &record).await.map_err(|error| ("the store".to_owned(), error)),
            Err((step, error)) => Err((step, error.into())),
        };
        drop(rules);
        let Err((step, error)) = done else { return Ok(()) };
        let cause = Box::new(error);
        let failure = match self.take_back(&record).await {
            Ok(None) => NotUpgraded::TakenBack { step, cause },
            Ok(Some(why)) => NotUpgraded::Undone { step, cause, why: Box::new(why) },
            Err(error) => NotUpgraded::Halfway { step, cause, why: error.to_string() },
        };
        tracing::warn!(network = %id, "a change of its plan failed: {failure}");
        if let NotUpgraded::Halfway { .. } = &failure {
            let problem =
                Problem { step: None, what: format!("a change of its plan failed: {failure}"), repairable: true };
            self.notes.found(&(id.clone(), None), vec![problem]);
        }
        Err(failure.into())
    }

    /// Writes down that a network and its endpoints have become what they were to. `begun` is the network's record so far.
    async fn settle_on(&self, next: &Next, begun: &NetworkRecord) -> Result<(), Error> {
        let (before, after) = (&*next.network.before, &next.network.after);
        let id = &before.network.id;
        // First, so that a network that is made now does not take the old module for written down.
        self.state.put_network(after.clone());
        let no_more = shares_beyond(&before.plan, &after.plan);
        let mut written =
            next.endpoints.iter().fold(Batch::default().network(after), |batch, pair| batch.endpoint(&pair.after));
        written = self.unclaim(&no_more, id).iter().fold(written, Batch::claim);
        if before.digest != after.digest && !self.is_needed(&before.digest, id) {
            written = written.forget_module(&before.digest);
        }
        if let Err(error) = self.store.write(written).await {
            self.claim_again(&no_more, id);
            self.state.put_network(begun.clone());
            return Err(error.into());
        }
        for Pair { after, .. } in &next.endpoints {
            self.state.put_endpoint(after.clone());
            self.bind_again(after);
        }
        self.forget_module(&before.digest).await;
        Ok(())
    }

    /// Makes and changes what is to be, and then undoes what went. The network, what it shares, and the
    /// rules are held.
    pub(super) async fn pass(&self, passages: &[Passage]) -> Result<(), (String, plumbing::Error)> {
        for passage in passages.iter().filter(|it| !it.from.steps.is_empty() || !it.to.steps.is_empty()) {
            let changed = self.dataplane.change(&passage.from, &passage.to, self.patience()).await;
            changed.map_err(|error| (passage.blame(&error), error))?;
        }
        // What networks share comes first, since the rest builds on it, and goes last.
        for passage in passages.iter().rev().filter(|it| !it.gone.steps.is_empty()) {
            let undone = self.dataplane.undo_but(&passage.gone, &passage.kept, self.patience()).await;
            undone.map_err(|error| (passage.blame(&error), error))?;
        }
        Ok(())
    }

    fn forth(&self, next: &Next) -> Vec<Passage> {
        let (before, after) = (&*next.network.before, &next.network.after);
        let network = self.network_passages(before, after);
        let joined = next.endpoints.iter().filter(|pair| pair.before.state == EndpointState::Joined);
        let endpoints = joined.map(|pair| {
            let id = &pair.before.endpoint.id;
            self.passage(before, Some(id), &endpoint(before, &pair.before), &endpoint(after, &pair.after))
        });
        network.into_iter().chain(endpoints).collect()
    }

    /// What the network shares, for each key, and then its own. What another network uses stays.
    pub(super) fn network_passages(&self, before: &NetworkRecord, after: &NetworkRecord) -> Vec<Passage> {
        let id = &before.network.id;
        let ids: BTreeSet<NetworkId> = [before, after].iter().flat_map(|record| record.shared_ids()).collect();
        let parts = ids.iter().map(Some).chain([None]);
        let passages = parts.map(|of| {
            let side = |record: &NetworkRecord| Side {
                steps: part(&record.mode, &record.plan, of),
                scope: record.plan.steps.clone(),
            };
            let mut passage = Passage::new(&self.mark(of.unwrap_or(id), None), &side(before), &side(after));
            passage.gone.steps.retain(|step| !self.is_anothers(&before.mode, step, id));
            passage
        });
        passages.collect()
    }

    pub(super) fn passage(
        &self,
        record: &NetworkRecord,
        endpoint: Option<&EndpointId>,
        before: &Side,
        after: &Side,
    ) -> Passage {
        Passage::new(&self.mark(&record.network.id, endpoint), before, after)
    }
}

/// A network's own plan.
pub(super) fn network(plan: &Admitted) -> Side {
    Side { steps: plan.steps.clone(), scope: Vec::new() }
}

/// An endpoint's plans, on its network's.
pub(super) fn endpoint(network: &NetworkRecord, record: &EndpointRecord) -> Side {
    let steps = record.plan.steps.iter().cloned().chain(record.published_steps()).collect();
    Side { steps, scope: network.plan.steps.clone() }
}
