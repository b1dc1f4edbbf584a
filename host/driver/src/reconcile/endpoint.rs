//! One endpoint: repaired while a container uses it, undone otherwise.

use std::path::Path;

use admin::report::Reconciled;
use plan::{EndpointId, NetworkId};
use plumbing::Dataplane;

use super::change;
use crate::Driver;
use crate::record::{EndpointRecord, EndpointState, NetworkRecord};
use crate::store::Batch;

/// Why an endpoint goes whose link went with its container.
const GONE: &str = "its container is gone";

impl<D: Dataplane> Driver<D> {
    pub(super) async fn reconcile_endpoint(&self, network: &NetworkId, id: &EndpointId, report: &mut Reconciled) {
        let _alone = self.locks.endpoint(network, id).await;
        let (Some(network), Some(record)) = (self.state.network(network), self.state.endpoint(id)) else { return };
        let subject = record.subject();
        match &record.state {
            EndpointState::Joined if self.was_never_taken(&network, &record) => {
                self.remove_and_tell(&network, &record, "no container took its link", report).await;
            }
            EndpointState::Joined => match self.repair_endpoint(&network, &record, report).await {
                Some(_) if abandoned(&record) => self.remove_and_tell(&network, &record, GONE, report).await,
                Some(why) => self.break_endpoint(&network, &record, why).await,
                None => {}
            },
            EndpointState::Leaving => {
                let mut record = EndpointRecord::clone(&record);
                if self.undo_endpoint(&network, &mut record, self.patience()).await {
                    let state = EndpointState::Left;
                    self.state.put_endpoint(EndpointRecord { state, sandbox: None, published: None, ..record });
                } else {
                    report.kept.push(self.to_be_undone(&subject));
                }
            }
            EndpointState::Removing => {
                self.remove_and_tell(&network, &record, "the endpoint is gone for Docker", report).await;
            }
            EndpointState::Broken(_) if abandoned(&record) => {
                self.remove_and_tell(&network, &record, GONE, report).await;
            }
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

    /// Removes an endpoint, and says why; or that it could not be done yet.
    async fn remove_and_tell(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        why: &str,
        report: &mut Reconciled,
    ) {
        if self.remove_endpoint(network, record, self.patience()).await {
            report.removed.push(change(&record.subject(), why.to_owned()));
        } else {
            report.kept.push(self.to_be_undone(&record.subject()));
        }
    }

    /// Takes what is left of an endpoint whose link is gone, and says so: only its container's restart helps.
    async fn break_endpoint(&self, network: &NetworkRecord, record: &EndpointRecord, why: String) {
        tracing::error!(endpoint = %record.endpoint.id, why, "endpoint broken: restart its container");
        let mut record = EndpointRecord::clone(record);
        if !self.undo_endpoint(network, &mut record, self.patience()).await {
            return;
        }
        let record = EndpointRecord { state: EndpointState::Broken(why), published: None, ..record };
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
