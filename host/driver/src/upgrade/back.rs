//! Taking an upgrade back: what it made goes, and what was there before is put right.
//!
//! Grants may have been narrowed since. What the guard denies today of what was there before is not performed: it is left as
//! it stands, and the next reconcile says so. A network that goes itself performs nothing at all.

use std::sync::Arc;

use plan::Denial;
use plumbing::{Dataplane, Work};

use super::carry::endpoint;
use super::passage::Passage;
use crate::Driver;
use crate::network::shares_beyond;
use crate::reconcile::Refusal;
use crate::record::{Attempt, EndpointRecord, EndpointState, NetworkRecord};
use crate::store::Batch;

/// The way back, and what of it is denied first, if anything is.
struct Way {
    passages: Vec<Passage>,
    denial: Option<Denial>,
}

impl<D: Dataplane> Driver<D> {
    /// Makes a network whose upgrade was begun what it was before, as far as the guard admits it: what it says no to, if it
    /// does. The network and what it shares are held, and the rules are not.
    pub(crate) async fn take_back(&self, record: &NetworkRecord) -> Result<Option<Denial>, plumbing::Error> {
        let Some(attempt) = &record.attempt else { return Ok(None) };
        let way = self.way_back(record, attempt).await?;
        // Waited for now, since who puts rules back must not wait for it with us.
        self.dataplane.ready(self.patience()).await?;
        let _rules = self.rules.read().await;
        self.pass(&way.passages).await.map_err(|(_, error)| error)?;
        self.settle_back(record, attempt).await;
        Ok(way.denial)
    }

    /// What an upgrade may have made of a network that goes itself, as work to be undone, in that order.
    pub(crate) fn made_by_attempt(&self, record: &NetworkRecord) -> Vec<Work> {
        let Some(attempt) = &record.attempt else { return Vec::new() };
        let own = |passage: Passage| {
            let mut made = passage.made();
            made.steps.retain(|step| !self.is_anothers(&attempt.network.mode, step, &record.network.id));
            made
        };
        let endpoints = attempt.endpoints.iter().map(|attempted| self.endpoint_back(record, attempt, attempted).0);
        let network = self.network_passages(&attempt.network, record);
        // What networks share goes last, since the rest builds on it.
        let mut works: Vec<_> = network.into_iter().chain(endpoints).map(own).collect();
        works.retain(|made| !made.steps.is_empty());
        works.reverse();
        works
    }

    /// Writes down that a network is what it was before.
    async fn settle_back(&self, begun: &NetworkRecord, attempt: &Attempt) {
        let id = &begun.network.id;
        let record = NetworkRecord { attempt: None, ..begun.clone() };
        self.state.put_network(record.clone());
        let claims = self.unclaim(&shares_beyond(&attempt.network.plan, &record.plan), id);
        let mut written = claims.iter().fold(Batch::default().network(&record), Batch::claim);
        if attempt.network.digest != record.digest && !self.is_needed(&attempt.network.digest, id) {
            written = written.forget_module(&attempt.network.digest);
        }
        if let Err(error) = self.store.write_in_the_end(written).await {
            tracing::error!(network = %id, %error, "that a change is taken back is not written down yet");
        }
        self.forget_module(&attempt.network.digest).await;
    }

    async fn way_back(&self, record: &NetworkRecord, attempt: &Attempt) -> Result<Way, plumbing::Error> {
        let network = self.network_passages(&attempt.network, record);
        let mut way = match self.readmit_network(record).await {
            Ok(()) => Way { passages: network, denial: None },
            Err(Refusal::Denied(no)) => {
                let spared = network.into_iter().map(|passage| passage.sparing(&record.plan.steps));
                Way { passages: spared.collect(), denial: Some(no) }
            }
            Err(Refusal::CannotLook(error)) => return Err(error),
        };
        for attempted in &attempt.endpoints {
            let (mut passage, now) = self.endpoint_back(record, attempt, attempted);
            if let Some(now) = now {
                let published = now.published.as_ref();
                let port = self.readmit_endpoint(record, &now).map_err(|no| (no, now.plan.steps.clone()));
                let ports = published.map_or(Ok(()), |published| self.readmit_published(record, &now, published));
                let ports = ports.map_err(|no| (no, now.published_steps()));
                for (no, steps) in [port, ports].into_iter().filter_map(Result::err) {
                    passage = passage.sparing(&steps);
                    way.denial.get_or_insert(no);
                }
            }
            way.passages.push(passage);
        }
        Ok(way)
    }

    /// An endpoint's way back, and its record. One that is not joined any more is what it is.
    fn endpoint_back(
        &self,
        record: &NetworkRecord,
        attempt: &Attempt,
        attempted: &EndpointRecord,
    ) -> (Passage, Option<Arc<EndpointRecord>>) {
        let id = &attempted.endpoint.id;
        let now = self.state.endpoint(id).filter(|now| now.state == EndpointState::Joined);
        let side = now.as_ref().map(|now| endpoint(record, now)).unwrap_or_default();
        (self.passage(record, Some(id), &endpoint(&attempt.network, attempted), &side), now)
    }
}
