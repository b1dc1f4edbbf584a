//! One network: repaired, or undone if it is on its way out.

use std::collections::{BTreeSet, HashSet};

use admin::report::{Reconciled, ToBeUndone};
use plan::NetworkId;
use plumbing::Dataplane;

use super::admission::Refusal;
use super::change;
use crate::Driver;
use crate::notes::Subject;
use crate::record::{NetworkRecord, NetworkState};

impl<D: Dataplane> Driver<D> {
    /// `shared` says what networks share and was looked at already, and what was looked at now.
    pub(super) async fn reconcile_network(
        &self,
        id: &NetworkId,
        shared: &mut HashSet<NetworkId>,
        report: &mut Reconciled,
    ) {
        let _alone = self.locks.network(id).await;
        let Some(record) = self.state.network(id) else { return };
        let subject = (id.clone(), None);
        if record.state == NetworkState::Ready {
            if !self.take_back_interrupted(&record, report).await {
                return;
            }
            match self.readmit_network(&record).await {
                Ok(()) => self.repair_network(&record, shared, report).await,
                Err(Refusal::Denied(denial)) => self.denied(&subject, &denial, report),
                Err(Refusal::CannotLook(error)) => self.not_repaired(&subject, &error, report),
            }
            return;
        }
        self.remove_network(id, self.patience()).await;
        match self.state.network(id) {
            None => report.removed.push(change(&subject, "the network is gone for Docker".to_owned())),
            Some(_) => report.kept.push(self.to_be_undone(&subject)),
        }
    }

    /// Takes back an upgrade that nobody carries on with, whatever the guard says of the network today: what the upgrade
    /// made goes in any case. Whether nothing is left of one.
    async fn take_back_interrupted(&self, record: &NetworkRecord, report: &mut Reconciled) -> bool {
        if record.attempt.is_none() {
            return true;
        }
        let subject = (record.network.id.clone(), None);
        let id = &record.network.id;
        let _shared = match self.locks.shared(record.shared_ids(), id, self.patience()).await {
            Ok(shared) => shared,
            Err(busy) => {
                self.not_repaired(&subject, &busy, report);
                return false;
            }
        };
        match self.take_back(record).await {
            Ok(_) => report.repaired.push(change(&subject, "a change that was interrupted is taken back".to_owned())),
            Err(error) => {
                self.not_repaired(&subject, &error, report);
                return false;
            }
        }
        true
    }

    async fn repair_network(&self, record: &NetworkRecord, shared: &mut HashSet<NetworkId>, report: &mut Reconciled) {
        let subject = (record.network.id.clone(), None);
        for work in self.network_works(record) {
            if work.mark.network == record.network.id {
                self.repair(&subject, &work, report).await;
            } else if shared.insert(work.mark.network.clone()) {
                self.repair_shared(&work.mark.network, &record.network.id, report).await;
            }
        }
    }

    /// Repairs what networks share, all of it at once, whoever has which part; for one of them.
    async fn repair_shared(&self, id: &NetworkId, by: &NetworkId, report: &mut Reconciled) {
        let subject = (id.clone(), None);
        match self.locks.shared(BTreeSet::from([id.clone()]), by, self.patience()).await {
            Ok(_held) => _ = self.repair(&subject, &self.shared_work(id), report).await,
            Err(busy) => self.not_repaired(&subject, &busy, report),
        }
    }

    /// What is known about something that could not be undone yet.
    pub(crate) fn to_be_undone(&self, subject: &Subject) -> ToBeUndone {
        let attempts = self.notes.attempts(subject);
        ToBeUndone {
            network: subject.0.to_string(),
            endpoint: subject.1.as_ref().map(ToString::to_string),
            waiting_seconds: attempts.as_ref().map_or(0, |attempts| attempts.since.elapsed().as_secs()),
            attempts: attempts.as_ref().map_or(0, |attempts| attempts.count),
            last_error: attempts.map(|attempts| attempts.last_error),
            ..ToBeUndone::default()
        }
    }
}
