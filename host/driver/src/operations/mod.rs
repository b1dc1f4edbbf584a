//! What operators ask for, answered by the driver.

mod addresses;
pub(crate) mod describe;
mod modes;
mod ovn;
mod release;
mod remove;
mod status;
mod upgrade;

use std::sync::Arc;

use admin::report::{
    AddressPool, ExplainedStep, Explanation, Holding, LogFilter, Modes, NetworkDetail, NetworkSummary, Reconciled,
    Released, Removed, Status, ToBeUndone, Upgrade,
};
use admin::{Failure, FailureKind, Operations, Reclaiming, Releasing, Selector, Upgrading};
use plan::{AdmittedStep, Reply};
use plumbing::{Dataplane, Work};

use crate::Driver;
use crate::record::{EndpointRecord, EndpointState, NetworkRecord, NetworkState};

pub use self::modes::mode_report;

/// Whoever can change what is logged. The driver cannot: it does not know where its log goes.
pub trait LogControl: Send + Sync {
    /// The filter that holds now.
    fn filter(&self) -> String;

    /// Changes it.
    ///
    /// # Errors
    ///
    /// What is wrong with the new one.
    fn set(&self, filter: &str) -> Result<(), String>;
}

impl<D: Dataplane> Operations for Driver<D> {
    async fn status(&self) -> Result<Status, Failure> {
        Ok(self.describe_status().await)
    }

    async fn networks(&self) -> Result<Vec<NetworkSummary>, Failure> {
        let networks = self.state.networks();
        self.look_at_tunnels(&networks).await;
        let mut networks: Vec<_> = networks.iter().map(|record| self.summary(record)).collect();
        networks.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        Ok(networks)
    }

    async fn network(&self, network: Selector) -> Result<NetworkDetail, Failure> {
        let record = self.select_network(&network)?;
        self.look_at_tunnels(std::slice::from_ref(&record)).await;
        Ok(self.detail(&record).await)
    }

    async fn reconcile(&self, network: Option<Selector>) -> Result<Reconciled, Failure> {
        let only = network.map(|network| self.select_network(&network)).transpose()?;
        let addresses = async {
            if only.is_none() {
                self.reclaim_addresses().await;
            }
            self.swarm.look_again();
        };
        let network = only.as_ref().map(|record| &record.network.id);
        let (done, ()) = tokio::join!(Driver::reconcile(self, network), addresses);
        done.map_err(|away| Failure::new(FailureKind::Unavailable, format!("could not look: {away}")))
    }

    async fn explain(&self, network: Selector, endpoint: Option<Selector>) -> Result<Explanation, Failure> {
        let network = self.select_network(&network)?;
        let Some(endpoint) = endpoint else {
            return Ok(self.explanation(&network, None, self.network_works(&network), &network.plan.reply).await);
        };
        let endpoint = self.select_endpoint(&network, &endpoint)?;
        let mut work = self.endpoint_work(&network, &endpoint);
        work.steps.extend(endpoint.published_steps());
        Ok(self.explanation(&network, Some(&endpoint), vec![work], &endpoint.plan.reply).await)
    }

    async fn to_be_undone(&self) -> Result<Vec<ToBeUndone>, Failure> {
        let networks = self.state.networks();
        let networks = networks.iter().filter(|record| record.state == NetworkState::Removing);
        let endpoints = self.state.endpoints();
        let endpoints = endpoints.iter().filter(|record| record.state == EndpointState::Removing);
        let subjects = networks.map(|record| (record.network.id.clone(), None));
        Ok(subjects
            .chain(endpoints.map(|record| record.subject()))
            .map(|subject| self.to_be_undone(&subject))
            .collect())
    }

    async fn remove(&self, network: Selector, endpoint: Option<Selector>) -> Result<Removed, Failure> {
        let network = self.select_network(&network)?;
        let Some(endpoint) = endpoint else { return self.remove_forgotten(&network).await };
        let endpoint = self.select_endpoint(&network, &endpoint)?;
        Ok(self.remove_forgotten_endpoint(&network, &endpoint).await)
    }

    async fn pools(&self) -> Result<Vec<AddressPool>, Failure> {
        self.describe_pools().await
    }

    async fn holdings(&self) -> Result<Vec<Holding>, Failure> {
        self.describe_holdings().await
    }

    async fn release(&self, releasing: Releasing) -> Result<Released, Failure> {
        self.release_forgotten(&releasing).await
    }

    async fn reclaim(&self, reclaiming: Reclaiming) -> Result<Vec<Holding>, Failure> {
        self.reclaim_host(&reclaiming).await
    }

    async fn modes(&self) -> Result<Modes, Failure> {
        Ok(self.describe_modes().await)
    }

    async fn reload_modes(&self) -> Result<Modes, Failure> {
        Driver::reload_modes(self).await;
        Ok(self.describe_modes().await)
    }

    async fn upgrade(&self, network: Selector, upgrading: Upgrading) -> Result<Upgrade, Failure> {
        let network = self.select_network(&network)?;
        self.upgrade_network(&network.network.id, &upgrading).await
    }

    async fn set_log_filter(&self, filter: String) -> Result<LogFilter, Failure> {
        let before = self.log.filter();
        self.log.set(&filter).map_err(|error| Failure::new(FailureKind::Invalid, error))?;
        Ok(LogFilter { filter: self.log.filter(), before })
    }
}

impl<D: Dataplane> Driver<D> {
    fn select_network(&self, selector: &Selector) -> Result<Arc<NetworkRecord>, Failure> {
        select("network", selector, self.state.networks(), |record| &record.network.id)
    }

    fn select_endpoint(&self, network: &NetworkRecord, selector: &Selector) -> Result<Arc<EndpointRecord>, Failure> {
        select("endpoint", selector, self.state.endpoints_of(&network.network.id), |record| &record.endpoint.id)
    }

    async fn explanation(
        &self,
        network: &NetworkRecord,
        endpoint: Option<&EndpointRecord>,
        works: Vec<Work>,
        reply: &Reply,
    ) -> Explanation {
        let mode = self.module_of(network).await.ok();
        let shell: Vec<_> = works.iter().flat_map(|work| self.dataplane.explain(work)).collect();
        let findings = self.findings(&works).await;
        let lines = |step: &AdmittedStep| shell.iter().find(|(label, _)| *label == step.label).map(|(_, lines)| lines);
        let steps = works.iter().flat_map(|work| &work.steps).map(|step| ExplainedStep {
            step: describe::step(step, findings.as_deref()),
            grant: describe::grant(step, network.origin, mode.as_ref()),
            shell: lines(step).cloned().unwrap_or_default(),
        });
        Explanation {
            network: network.network.id.to_string(),
            endpoint: endpoint.map(|record| record.endpoint.id.to_string()),
            mode: network.mode.clone(),
            mode_digest: network.digest.to_string(),
            steps: steps.collect(),
            reply: serde_json::to_value(reply).unwrap_or_default(),
        }
    }
}

/// The one thing whose identifier is, or begins with, what was given.
fn select<T>(what: &str, selector: &Selector, all: Vec<Arc<T>>, id: impl Fn(&T) -> &str) -> Result<Arc<T>, Failure> {
    let mut fitting: Vec<_> = all.into_iter().filter(|record| selector.matches(id(record))).collect();
    if let Some(exact) = fitting.iter().position(|record| id(record) == selector.as_str()) {
        return Ok(fitting.swap_remove(exact));
    }
    match fitting.len() {
        0 => Err(Failure::not_found(format!("{what} {selector}"))),
        1 => Ok(fitting.swap_remove(0)),
        many => {
            Err(Failure::new(FailureKind::Ambiguous, format!("{many} {what}s begin with {selector}: give more of it")))
        }
    }
}
