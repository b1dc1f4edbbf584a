//! Things with our mark and no record: left by a crash between making and writing, or by a lost record. Removed after a
//! while, so that nothing that is just being made is taken for one.

use std::collections::{BTreeSet, HashMap};
use std::sync::PoisonError;
use std::time::Duration;

use admin::report::{Change, Reconciled};
use plumbing::{Dataplane, Marked, MarkedKind};
use tokio::time::Instant;

use super::of_the_host;
use crate::Driver;

impl<D: Dataplane> Driver<D> {
    pub(super) async fn remove_strays(&self, report: &mut Reconciled) {
        let marked = match self.dataplane.marked(self.patience()).await {
            Ok(marked) => marked,
            Err(error) => {
                tracing::debug!(%error, "no look for strays");
                return report.broken.push(of_the_host(format!("no look for what nobody owns: {error}")));
            }
        };
        let strays: Vec<_> = marked.into_iter().filter(|thing| !self.is_known(thing)).collect();
        for stray in self.ripe(strays) {
            // What networks share keeps its name: somebody may be making it again.
            let name = BTreeSet::from([stray.network.clone()]);
            let held = self.locks.shared(name, &stray.network, self.patience()).await;
            if self.is_known(&stray) {
                continue;
            }
            if let Err(busy) = &held {
                report.broken.push(of_the_host(format!("{} is nobody's and stays for now: {busy}", stray.name)));
                continue;
            }
            match self.dataplane.remove(&stray, self.patience()).await {
                Ok(()) => {
                    tracing::info!(?stray, "removed: it has our mark and no record");
                    report.removed.push(told(&stray));
                }
                Err(error) => {
                    tracing::warn!(?stray, %error, "not removed yet");
                    report.broken.push(of_the_host(format!("{} is nobody's and stays for now: {error}", stray.name)));
                }
            }
        }
    }

    /// A name that no record has is a stray even if its network or endpoint is known: names change with each join.
    fn is_known(&self, thing: &Marked) -> bool {
        let named = |name: Option<&plan::InterfaceName>| name.is_some_and(|name| **name == *thing.name);
        let has = |steps: &[plan::AdmittedStep]| {
            matches!(thing.kind, MarkedKind::Rules | MarkedKind::LogicalRows)
                || steps.iter().any(|step| named(step.name.as_ref()) || named(step.peer.as_ref()))
        };
        match &thing.endpoint {
            Some(id) => self.state.endpoint(id).is_some_and(|record| has(&record.plan.steps)),
            None => match self.state.network(&thing.network) {
                Some(record) => {
                    let attempt = record.attempt.as_ref().map(|attempt| &attempt.network.plan);
                    std::iter::once(&record.plan).chain(attempt).any(|plan| has(&plan.steps))
                }
                None => self.state.networks().iter().any(|record| {
                    record.shared().any(|(id, step)| id == thing.network && has(std::slice::from_ref(step)))
                }),
            },
        }
    }

    /// Those that were seen long enough ago already; the others are remembered.
    fn ripe(&self, strays: Vec<Marked>) -> Vec<Marked> {
        let mut seen = self.strays.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let fresh: HashMap<_, _> =
            strays.into_iter().map(|stray| (stray.clone(), seen.get(&stray).copied().unwrap_or(now))).collect();
        *seen = fresh;
        // What is there at the first look was left by an earlier process: nobody is making it.
        let grace = self.last_reconcile().map_or(Duration::ZERO, |_| self.config.grace);
        let ripe = |since: &Instant| now.duration_since(*since) >= grace;
        seen.iter().filter(|(_, since)| ripe(since)).map(|(stray, _)| stray.clone()).collect()
    }
}

fn told(stray: &Marked) -> Change {
    let kind = match stray.kind {
        MarkedKind::Bridge => "bridge",
        MarkedKind::Port => "port",
        MarkedKind::Link => "link",
        MarkedKind::Rules => "rules",
        MarkedKind::LogicalRows => "logical rows",
    };
    Change {
        network: Some(stray.network.to_string()),
        endpoint: stray.endpoint.as_ref().map(ToString::to_string),
        kind: kind.to_owned(),
        name: stray.name.clone(),
        what: "had our mark and no record".to_owned(),
    }
}
