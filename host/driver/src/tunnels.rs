//! The tunnels between OVN's hosts, as far as this host is in their way. No plan says them and nothing here can repair
//! them: an operator says where their end is, and all looks healthy where that is wrong. One host alone does without them,
//! so they are the reason for no refusal; they are told with every network that they are for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use plan::{Action, NetworkId};
use plumbing::Dataplane;
use tokio::time::Instant;

use crate::Driver;
use crate::notes::Problem;
use crate::record::NetworkRecord;

/// How long a network that is made waits for what is only told.
const MOMENT: Duration = Duration::from_secs(2);

/// Why nothing leads from this host to another, by the last look; none: nothing is in the way.
#[derive(Debug, Default)]
pub(crate) struct Tunnels(Mutex<Option<String>>);

impl Tunnels {
    /// What is wrong with a network's way to other hosts.
    pub(crate) fn problem(&self, record: &NetworkRecord) -> Option<Problem> {
        let fault = self.lock().clone().filter(|_| spans_hosts(record))?;
        let what = format!("its containers reach none on other hosts: {fault}");
        Some(Problem { step: None, what, repairable: false })
    }

    /// Whether this is news.
    fn note(&self, fault: Option<&str>) -> bool {
        let mut known = self.lock();
        let news = known.as_deref() != fault;
        *known = fault.map(str::to_owned);
        news
    }

    fn lock(&self) -> MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether OVN takes a network to other hosts.
pub(crate) fn spans_hosts(record: &NetworkRecord) -> bool {
    record.plan.steps.iter().any(|step| matches!(step.action, Action::LogicalSwitch(_)))
}

impl<D: Dataplane> Driver<D> {
    /// Says of a network that was just made that it ends at this host.
    pub(crate) async fn warn_of_tunnels(&self, network: &NetworkId, deadline: Instant) {
        match self.dataplane.tunnel_fault(deadline.min(Instant::now() + MOMENT)).await {
            Ok(fault) => {
                self.tunnels.note(fault.as_deref());
                if let Some(fault) = fault {
                    tracing::warn!(%network, fault, "its containers reach none on other hosts");
                }
            }
            Err(error) => tracing::warn!(%network, %error, "whether it reaches other hosts is not known yet"),
        }
    }

    /// Looks again, where one of these networks is for other hosts. Does not wait for an Open vSwitch that is away.
    pub(crate) async fn look_at_tunnels(&self, networks: &[Arc<NetworkRecord>]) {
        if !self.dataplane.health().connected || !networks.iter().any(|record| spans_hosts(record)) {
            return;
        }
        match self.dataplane.tunnel_fault(self.patience()).await {
            Ok(fault) => {
                let news = self.tunnels.note(fault.as_deref());
                if let Some(fault) = fault.filter(|_| news) {
                    tracing::warn!(fault, "containers on OVN reach none on other hosts");
                }
            }
            Err(error) => tracing::warn!(%error, "what is in the way of OVN's tunnels is told as it was last seen"),
        }
    }
}
