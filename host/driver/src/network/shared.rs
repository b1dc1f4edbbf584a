//! What networks of one mode have in common on this host: made for the first, used by the others, undone with the last.
//!
//! Who has it stands in the networks' own plans and nowhere else, so that nothing can say otherwise. What is made of it is
//! marked as no network's: it outlives whoever made it. Names come from whoever has it already.

use plan::{Admitted, AdmittedStep, Label, NetworkId, Plan, SharedStep};
use plumbing::{Dataplane, Error, Mark, Work};
use tokio::time::Instant;

use crate::Driver;
use crate::lock::{Busy, SharedGuard};
use crate::record::{NetworkRecord, NetworkState, shared_in};

impl<D: Dataplane> Driver<D> {
    /// Excludes others from what a mode's answer shares.
    pub(crate) async fn hold_shared(
        &self,
        mode: &str,
        plan: &Plan,
        by: &NetworkId,
        deadline: Instant,
    ) -> Result<SharedGuard, Busy> {
        let keys = plan.steps.iter().filter_map(|step| step.shared.as_deref());
        self.locks.shared(keys.map(|key| NetworkId::of_shared(mode, key)).collect(), by, deadline).await
    }

    /// What networks of a mode share, for the guard.
    pub(crate) fn shared_by(&self, mode: &str) -> Vec<SharedStep> {
        let of = |record: &NetworkRecord| {
            let holder = &record.network.id;
            let attempted = record.attempt.iter().map(|attempt| &attempt.network);
            let records = std::iter::once(record).chain(attempted).filter(|it| it.mode == mode);
            let steps = records.flat_map(|it| shared_in(&it.mode, &it.plan.steps));
            steps.map(|(id, step)| SharedStep { id, holder: holder.clone(), step: step.clone() }).collect::<Vec<_>>()
        };
        self.state.networks().iter().flat_map(|record| of(record)).collect()
    }

    /// The networks that have a step of what is shared.
    pub(crate) fn sharers(&self, id: &NetworkId, label: &Label) -> Vec<NetworkId> {
        let has = |record: &NetworkRecord| record.shared().any(|(of, step)| of == *id && step.label == *label);
        let networks = self.state.networks();
        networks.iter().filter(|record| has(record)).map(|record| record.network.id.clone()).collect()
    }

    /// The work that a network's plan is: what it shares, for each key, and then its own, which builds on that.
    pub(crate) fn network_works(&self, record: &NetworkRecord) -> Vec<Work> {
        let steps = &record.plan.steps;
        let mut works: Vec<Work> = Vec::new();
        for (id, step) in shared_in(&record.mode, steps) {
            match works.iter_mut().find(|work| work.mark.network == id) {
                Some(work) => work.steps.push(step.clone()),
                None => works.push(self.work_of(&id, vec![step.clone()], steps)),
            }
        }
        let own = steps.iter().filter(|step| step.shared.is_none()).cloned().collect();
        works.push(self.work_of(&record.network.id, own, steps));
        works
    }

    fn work_of(&self, id: &NetworkId, steps: Vec<AdmittedStep>, scope: &[AdmittedStep]) -> Work {
        Work { mark: self.mark(id, None), steps, scope: scope.to_vec() }
    }

    /// All that there is to be of what is shared under an id: networks may have different parts of it. Of those that the
    /// guard lets have it.
    pub(crate) fn shared_work(&self, id: &NetworkId) -> Work {
        let networks = self.state.networks();
        let mut whole = self.work_of(id, Vec::new(), &[]);
        let ready = networks.iter().filter(|record| record.state == NetworkState::Ready);
        for record in ready.filter(|record| self.readmit_grants(record).is_ok()) {
            let works = self.network_works(record).into_iter().filter(|work| work.mark.network == *id);
            works.for_each(|work| add(&mut whole, work));
        }
        whole
    }

    /// Performs a network's plan: what it shares first. On an error all is as it was before.
    pub(super) async fn perform_network(&self, record: &NetworkRecord, deadline: Instant) -> Result<(), Error> {
        for work in self.network_works(record) {
            if let Err(error) = self.dataplane.perform(&work, deadline).await {
                self.take_back_shared(record, &work.mark).await;
                return Err(error);
            }
        }
        Ok(())
    }

    /// Undoes what was made of the shared part of a plan of which something else failed. What cannot be undone now is
    /// nobody's, and found so later.
    async fn take_back_shared(&self, record: &NetworkRecord, failed: &Mark) {
        let works = self.undoing(record);
        for work in works.iter().filter(|work| work.mark.network != record.network.id && work.mark != *failed) {
            if let Err(error) = self.dataplane.undo(work, self.patience()).await {
                tracing::warn!(%error, mark = %work.mark, "what a failed plan shares is still to be undone");
            }
        }
    }

    /// What of a network is to be undone, in that order: its own, and then what it shares, but for what another network
    /// still uses.
    pub(super) fn undoing(&self, record: &NetworkRecord) -> Vec<Work> {
        let id = &record.network.id;
        let mut works = self.network_works(record);
        for work in &mut works {
            work.steps.retain(|step| !self.is_anothers(&record.mode, step, id));
        }
        works.retain(|work| !work.steps.is_empty() || work.mark.network == *id);
        works.reverse();
        works
    }

    /// Whether a network of a mode has a step as well that is shared.
    pub(super) fn shares(&self, mode: &str, step: &AdmittedStep, network: &NetworkId) -> bool {
        let Some(key) = &step.shared else { return false };
        self.sharers(&NetworkId::of_shared(mode, key), &step.label).contains(network)
    }
}

/// Adds works to others: those of the same mark become one.
pub(crate) fn merged(works: impl Iterator<Item = Work>) -> Vec<Work> {
    let mut all: Vec<Work> = Vec::new();
    for work in works {
        match all.iter_mut().find(|known| known.mark == work.mark) {
            Some(known) => add(known, work),
            None => all.push(work),
        }
    }
    all
}

/// Adds what is not there yet.
fn add(whole: &mut Work, more: Work) {
    for (steps, more) in [(&mut whole.steps, more.steps), (&mut whole.scope, more.scope)] {
        for step in more {
            if !steps.iter().any(|known| known.label == step.label) {
                steps.push(step);
            }
        }
    }
}

/// The steps of a plan that are shared under an id, or those that are not.
pub(crate) fn part(mode: &str, plan: &Admitted, id: Option<&NetworkId>) -> Vec<AdmittedStep> {
    match id {
        Some(id) => shared_in(mode, &plan.steps).filter(|(of, _)| of == id).map(|(_, step)| step.clone()).collect(),
        None => plan.steps.iter().filter(|step| step.shared.is_none()).cloned().collect(),
    }
}
