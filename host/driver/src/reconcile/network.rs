//! One network: repaired, or undone if it is on its way out.

use admin::report::{Reconciled, ToBeUndone};
use plan::NetworkId;
use plumbing::Dataplane;

use super::admission::Refusal;
use super::change;
use crate::Driver;
use crate::notes::Subject;
use crate::record::{NetworkRecord, NetworkState};

impl<D: Dataplane> Driver<D> {
    pub(super) async fn reconcile_network(&self, id: &NetworkId, report: &mut Reconciled) {
        let _alone = self.locks.network(id).await;
        let Some(record) = self.state.network(id) else { return };
        let subject = (id.clone(), None);
        if record.state == NetworkState::Ready {
            match self.readmit_network(&record).await {
                Ok(()) => self.repair_network(&record, report).await,
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

    /// Takes back an upgrade that nobody carries on with, and repairs.
    async fn repair_network(&self, record: &NetworkRecord, report: &mut Reconciled) {
        let subject = (record.network.id.clone(), None);
        if record.attempt.is_some() {
            let _rules = self.rules.read().await;
            if let Err(error) = self.take_back(record).await {
                return self.not_repaired(&subject, &error, report);
            }
            report.repaired.push(change(&subject, "an upgrade that was interrupted is taken back".to_owned()));
        }
        self.repair(&subject, &self.network_work(record), report).await;
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
