//! One network: repaired, or undone if it is on its way out.

use admin::report::{Reconciled, ToBeUndone};
use plan::{Asked, NetworkId, Request, readmit};
use plumbing::Dataplane;

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
            if let Err(denial) = self.still_admitted(&record).await {
                tracing::error!(network = %id, denial, "the guard no longer admits the network's plan: it is left as it is");
                self.not_as_planned(&subject, denial, report);
                return;
            }
            self.repair(&subject, &self.network_work(&record), report).await;
            return;
        }
        self.remove_network(id, self.patience()).await;
        match self.state.network(id) {
            None => report.removed.push(change(&subject, "the network is gone for Docker".to_owned())),
            Some(_) => report.kept.push(self.to_be_undone(&subject)),
        }
    }

    /// Passes a stored plan through the guard again: grants may have been narrowed since.
    async fn still_admitted(&self, record: &NetworkRecord) -> Result<(), String> {
        let mode = self.catalog.by_digest(&record.digest).await.map_err(|error| error.to_string())?;
        let host = self.dataplane.facts(self.patience()).await.map_err(|error| error.to_string())?;
        let request = Request { network: &record.network, asked: Asked::Network, grants: mode.grants(), host: &host };
        readmit(&record.plan, &request).map_err(|denial| denial.to_string())
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
