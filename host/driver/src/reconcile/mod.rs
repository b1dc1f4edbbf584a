//! Reconcile: what was written down against what there is. At start, when Open vSwitch comes back, when a row or link of
//! ours goes, after a firewall reload, on a timer and on demand, it is this one function.

mod admission;
mod background;
mod due;
mod endpoint;
mod network;
mod ports;
mod start;
mod strays;
mod tunnels;
mod unclaimed;

use std::collections::HashSet;
use std::sync::PoisonError;
use std::time::{Duration, Instant as Clock};

use admin::report::{Change, Drift, Reconciled};
use plan::NetworkId;
use plumbing::{Condition, Dataplane, Finding, Work};

use crate::Driver;
use crate::network::merged;
use crate::notes::{Problem, Subject};
use crate::record::{EndpointState, NetworkState};
pub(crate) use admission::Refusal;
use due::Due;

/// What is done about what could not be repaired this time.
pub(crate) const AGAIN: &str = "the next reconcile tries again";

impl<D: Dataplane> Driver<D> {
    /// Verifies and repairs one network with its endpoints, or all of them and what none of them owns.
    ///
    /// # Errors
    ///
    /// Where Open vSwitch is away, or goes away meanwhile: nothing can be said about anything then.
    pub(crate) async fn reconcile(&self, only: Option<&NetworkId>) -> Result<Reconciled, plumbing::Error> {
        self.reconcile_due(&only.map_or_else(Due::everything, Due::network)).await
    }

    /// What needs no Open vSwitch comes first; for the rest it is waited for once, with nothing held that others want.
    async fn reconcile_due(&self, due: &Due) -> Result<Reconciled, plumbing::Error> {
        let started = Clock::now();
        let mut report = Reconciled::default();
        if due.is_everything() {
            self.replace_rules(&mut report).await;
        }
        self.hold_ports(due, &mut report).await;
        self.dataplane.ready(self.patience()).await?;
        let _one_at_a_time = self.reconciling.lock().await;
        self.look_at(due, &mut report).await?;
        self.report_tunnels(due, &mut report).await;
        if due.is_everything() {
            self.while_there(self.remove_strays(&mut report)).await?;
            *self.reconciled.lock().unwrap_or_else(PoisonError::into_inner) = Some(started);
        }
        report.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(report)
    }

    /// Looks at one thing after the other, and at no more of them once Open vSwitch is away.
    async fn look_at(&self, due: &Due, report: &mut Reconciled) -> Result<(), plumbing::Error> {
        let mut shared = HashSet::new();
        for network in self.state.networks() {
            let id = &network.network.id;
            if due.wants_network(&network) {
                report.networks.push(id.to_string());
                let failed = failures(report);
                self.while_there(self.reconcile_network(id, &mut shared, report)).await?;
                self.still_there(failed, report).await?;
            }
        }
        for endpoint in self.state.endpoints() {
            if due.wants_endpoint(&endpoint) {
                let failed = failures(report);
                self.while_there(self.reconcile_endpoint(&endpoint.network, &endpoint.endpoint.id, report)).await?;
                self.still_there(failed, report).await?;
            }
        }
        Ok(())
    }

    /// Works on one thing, or drops that work when Open vSwitch goes away: whoever wants the same network or endpoint
    /// meanwhile need not wait until a deadline has passed. What was begun stands in the records, and is taken up again
    /// when Open vSwitch is back.
    async fn while_there<T>(&self, work: impl Future<Output = T>) -> Result<T, plumbing::Error> {
        tokio::select! {
            biased;
            lost = self.dataplane.lost() => Err(lost),
            done = work => Ok(done),
        }
    }

    /// After something failed: whether Open vSwitch still answers. One that hangs is not away, and each of the others would
    /// wait for it on its own.
    async fn still_there(&self, failed: usize, report: &Reconciled) -> Result<(), plumbing::Error> {
        if failures(report) == failed { Ok(()) } else { self.dataplane.ready(self.patience()).await }
    }

    /// Puts all rules back at once: what flushes one flushes all, and one transaction is as dear as another.
    async fn replace_rules(&self, report: &mut Reconciled) {
        let _settled = self.rules.write().await;
        let networks = self.state.networks();
        let ready = networks.iter().filter(|record| record.state == NetworkState::Ready);
        let admitted = ready.filter(|record| self.readmit_grants(record).is_ok());
        let mut works = merged(admitted.flat_map(|record| self.network_works(record)));
        for record in self.state.endpoints() {
            let Some(published) = record.published.as_ref().filter(|_| record.state == EndpointState::Joined) else {
                continue;
            };
            let Some(network) = self.state.network(&record.network) else { continue };
            if self.readmit_published(&network, &record, published).is_ok() {
                works.push(self.work_on(&network, &record, published.plan.steps.clone()));
            }
        }
        if let Err(error) = self.dataplane.replace_rules(&works, self.patience()).await {
            tracing::warn!(%error, "the firewall's rules are not as planned: it is tried again");
            report.broken.push(of_the_host(format!("the firewall's rules are not as planned: {error}")));
        }
    }

    /// How long ago everything was looked at.
    pub(crate) fn last_reconcile(&self) -> Option<Duration> {
        self.reconciled.lock().unwrap_or_else(PoisonError::into_inner).map(|at| at.elapsed())
    }

    /// Repairs what a plan made, and takes down what was found and what became of it. The reason, if something is beyond
    /// repair.
    async fn repair(&self, subject: &Subject, work: &Work, report: &mut Reconciled) -> Option<String> {
        match self.dataplane.repair(work, self.patience()).await {
            Ok(findings) => {
                let unknown = unknown(&findings);
                self.notes.found(subject, findings.iter().filter_map(beyond_repair).chain(unknown.clone()).collect());
                for finding in &findings {
                    tell(subject, work, finding, report);
                }
                if let Some(Problem { what, .. }) = unknown {
                    tracing::warn!(network = %subject.0, endpoint = ?subject.1, "{what}");
                    report.broken.push(Drift { repair: Some(AGAIN.to_owned()), ..drift(subject, None, &what) });
                }
                findings.into_iter().find_map(|finding| match finding.condition {
                    Condition::Broken(why) => Some(why),
                    _ => None,
                })
            }
            Err(error) => {
                self.not_repaired(subject, &error, report);
                None
            }
        }
    }

    fn not_repaired(&self, subject: &Subject, error: &dyn std::error::Error, report: &mut Reconciled) {
        tracing::warn!(network = %subject.0, endpoint = ?subject.1, %error, "not repaired yet");
        let problem = error.to_string();
        report.broken.push(Drift { repair: Some(AGAIN.to_owned()), ..drift(subject, None, &problem) });
        self.notes.found(subject, vec![Problem { step: None, what: problem, repairable: true }]);
    }
}

/// How much could not be done.
fn failures(report: &Reconciled) -> usize {
    report.broken.len() + report.kept.len()
}

fn beyond_repair(finding: &Finding) -> Option<Problem> {
    match &finding.condition {
        Condition::Broken(why) => {
            Some(Problem { step: Some(finding.label.to_string()), what: why.clone(), repairable: false })
        }
        _ => None,
    }
}

/// The steps of which nothing is known, since who would know does not answer: one problem, whatever it is in the way of.
fn unknown(findings: &[Finding]) -> Option<Problem> {
    let unknown = findings.iter().filter_map(|finding| match &finding.condition {
        Condition::Unknown(why) => Some((&*finding.label, why)),
        _ => None,
    });
    let (labels, reasons): (Vec<&str>, Vec<&String>) = unknown.unzip();
    let what = format!("nothing is known of {}: {}", labels.join(", "), reasons.first()?);
    Some(Problem { step: None, what, repairable: true })
}

fn tell(subject: &Subject, work: &Work, finding: &Finding, report: &mut Reconciled) {
    let label = finding.label.to_string();
    let what = match &finding.condition {
        // Of all that nothing is known of it is told together.
        Condition::Fine | Condition::Unknown(_) => return,
        Condition::Broken(why) => return report.broken.push(drift(subject, Some(label), why)),
        Condition::Missing => "was missing".to_owned(),
        Condition::Different(how) => format!("was different: {how}"),
    };
    let step = work.steps.iter().find(|step| step.label == finding.label);
    tracing::info!(network = %subject.0, endpoint = ?subject.1, step = label, what, "repaired");
    report.repaired.push(Change {
        kind: step.map(|step| step.action.kind().to_owned()).unwrap_or_default(),
        name: step.and_then(|step| step.name.as_ref()).map_or(label, ToString::to_string),
        ..change(subject, what)
    });
}

fn change(subject: &Subject, what: String) -> Change {
    let endpoint = subject.1.as_ref().map(ToString::to_string);
    Change { network: Some(subject.0.to_string()), endpoint, what, ..Change::default() }
}

/// Something that is not as planned and belongs to no network.
fn of_the_host(problem: String) -> Drift {
    Drift { problem, repair: Some(AGAIN.to_owned()), ..Drift::default() }
}

fn drift(subject: &Subject, step: Option<String>, problem: &str) -> Drift {
    let endpoint = subject.1.as_ref().map(ToString::to_string);
    Drift { network: subject.0.to_string(), endpoint, step, problem: problem.to_owned(), repair: None }
}
