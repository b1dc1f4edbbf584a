//! Stored plans pass the guard again before they are performed again: grants may have been narrowed since, and what a
//! plan builds on may have become somebody else's. What it takes is written down or stands in the configuration: no
//! module is needed for it.

use admin::report::{Drift, Reconciled};
use plan::{Action, Admitted, Asked, Denial, HostFacts, Request, readmit};
use plumbing::Dataplane;

use super::drift;
use crate::Driver;
use crate::notes::{Problem, Subject};
use crate::record::{EndpointRecord, NetworkRecord, Published};

/// Why a stored plan is not performed again.
pub(crate) enum Refusal {
    /// The guard says no: it stays so until somebody changes something.
    Denied(Denial),
    /// Nobody can look at the host now, so nothing can be said.
    CannotLook(plumbing::Error),
}

impl<D: Dataplane> Driver<D> {
    /// Judges a network's own plan, by a look at the host where it builds on something there.
    pub(crate) async fn readmit_network(&self, record: &NetworkRecord) -> Result<(), Refusal> {
        let actions = record.plan.steps.iter().map(|step| &step.action);
        // Whose a switch of OVN's is was settled when it came.
        let actions = actions.filter(|action| !matches!(action, Action::LogicalSwitch(_)));
        let host = self.host_for(&record.mode, actions, self.patience()).await.map_err(Refusal::CannotLook)?;
        self.readmit(record, Asked::Network, &record.plan, &host).map_err(Refusal::Denied)
    }

    /// Judges a network's own plan by what it was granted alone, which needs no look at anything.
    pub(crate) fn readmit_grants(&self, record: &NetworkRecord) -> Result<(), Denial> {
        self.readmit(record, Asked::Network, &record.plan, &HostFacts::default())
    }

    /// Judges an endpoint's plan. Like what it publishes, it touches only what the network's own plan made.
    pub(crate) fn readmit_endpoint(&self, network: &NetworkRecord, record: &EndpointRecord) -> Result<(), Denial> {
        let asked = Asked::Endpoint { endpoint: &record.endpoint, of: &network.plan };
        self.readmit(network, asked, &record.plan, &HostFacts::default())
    }

    /// Judges the plan of an endpoint's published ports.
    pub(crate) fn readmit_published(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        published: &Published,
    ) -> Result<(), Denial> {
        let asked = Asked::Publish { endpoint: &record.endpoint, of: &network.plan, ports: &published.ports };
        self.readmit(network, asked, &published.plan, &HostFacts::default())
    }

    fn readmit(
        &self,
        record: &NetworkRecord,
        asked: Asked<'_>,
        plan: &Admitted,
        host: &HostFacts,
    ) -> Result<(), Denial> {
        let grants = self.catalog.allowed(&record.mode, record.origin, &record.digest);
        readmit(plan, &Request { network: &record.network, asked, grants: &grants, host })
    }

    /// Says that a plan is not performed again, and why.
    pub(super) fn denied(&self, subject: &Subject, denial: &Denial, report: &mut Reconciled) {
        let problem = format!("the guard no longer admits what was planned, nothing of it is made again: {denial}");
        tracing::error!(network = %subject.0, endpoint = ?subject.1, "{problem}");
        report.broken.push(Drift { repair: Some(denial.right.clone()), ..drift(subject, None, &problem) });
        self.notes.found(subject, vec![Problem { step: None, what: problem, repairable: false }]);
    }
}
