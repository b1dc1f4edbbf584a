//! One endpoint: repaired while a container uses it, undone otherwise.

use std::path::Path;

use admin::report::Reconciled;
use plan::{EndpointId, NetworkId};
use plumbing::Dataplane;

use super::change;
use crate::Driver;
use crate::record::{EndpointRecord, EndpointState, NetworkRecord};
use crate::store::Batch;

impl<D: Dataplane> Driver<D> {
    pub(super) async fn reconcile_endpoint(&self, network: &NetworkId, id: &EndpointId, report: &mut Reconciled) {
        let _alone = self.locks.endpoint(network, id).await;
        let (Some(network), Some(record)) = (self.state.network(network), self.state.endpoint(id)) else { return };
        let subject = record.subject();
        match &record.state {
            EndpointState::Joined if self.was_never_taken(&network, &record) => {
                self.remove_endpoint(&network, &record, self.patience()).await;
                report.removed.push(change(&subject, "no container took its link".to_owned()));
            }
            EndpointState::Joined => match self.repair_endpoint(&network, &record, report).await {
                Some(_) if abandoned(&record) => self.take_along(&network, &record, report).await,
                Some(why) => self.break_endpoint(&network, &record, why).await,
                None => {}
            },
            EndpointState::Leaving => {
                if self.undo_endpoint(&network, &record, self.patience()).await {
                    self.state.put_endpoint(EndpointRecord {
                        state: EndpointState::Left,
                        sandbox: None,
                        published: None,
                        ..EndpointRecord::clone(&record)
                    });
                } else {
                    report.kept.push(self.to_be_undone(&subject));
                }
            }
            EndpointState::Removing => {
                if self.remove_endpoint(&network, &record, self.patience()).await {
                    report.removed.push(change(&subject, "the endpoint is gone for Docker".to_owned()));
                } else {
                    report.kept.push(self.to_be_undone(&subject));
                }
            }
            EndpointState::Broken(_) if abandoned(&record) => self.take_along(&network, &record, report).await,
            EndpointState::Broken(_) | EndpointState::Planned | EndpointState::Joining | EndpointState::Left => {}
        }
    }

    /// Repairs what the guard still admits of a joined endpoint's plans. The reason, if its link is beyond repair.
    async fn repair_endpoint(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        report: &mut Reconciled,
    ) -> Option<String> {
        let subject = record.subject();
        if let Err(denial) = self.readmit_endpoint(network, record) {
            self.denied(&subject, &denial, report);
            return None;
        }
        let published = record.published.as_ref().map(|it| self.readmit_published(network, record, it).map(|()| it));
        let mut work = self.endpoint_work(network, record);
        work.steps.extend(published.iter().flatten().flat_map(|published| published.plan.steps.clone()));
        let broken = self.repair(&subject, &work, report).await;
        if let Some(Err(denial)) = published {
            self.denied(&subject, &denial, report);
        }
        broken
    }

    /// Removes an endpoint whose link is gone with its container.
    async fn take_along(&self, network: &NetworkRecord, record: &EndpointRecord, report: &mut Reconciled) {
        self.remove_endpoint(network, record, self.patience()).await;
        report.removed.push(change(&record.subject(), "its container is gone".to_owned()));
    }

    /// Takes what is left of an endpoint whose link is gone, and says so: only its container's restart helps.
    async fn break_endpoint(&self, network: &NetworkRecord, record: &EndpointRecord, why: String) {
        tracing::error!(endpoint = %record.endpoint.id, why, "endpoint broken: restart its container");
        if !self.undo_endpoint(network, record, self.patience()).await {
            return;
        }
        let record =
            EndpointRecord { state: EndpointState::Broken(why), published: None, ..EndpointRecord::clone(record) };
        if let Err(error) = self.store.write(Batch::default().endpoint(&record)).await {
            tracing::error!(endpoint = %record.endpoint.id, %error, "the endpoint's record could not be changed");
        }
        self.state.put_endpoint(record);
    }
}

/// Whether Docker has taken the container's namespace down, which it does without a word to us after it was killed. Where
/// we cannot see Docker's folder, nothing is known.
fn abandoned(record: &EndpointRecord) -> bool {
    let Some(sandbox) = record.sandbox.as_deref().map(Path::new) else { return true };
    sandbox.parent().is_some_and(Path::is_dir) && !sandbox.exists()
}
