//! What another module plans for a network and all that is on it, judged, with the names of what stays.

use std::sync::Arc;

use plan::{Admitted, HostFacts, NetworkId, Predecessor, PublishedPort};
use plumbing::Dataplane;
use policy::Question;

use super::NotUpgraded;
use crate::Driver;
use crate::endpoint::Live;
use crate::error::Error;
use crate::lock::SharedGuard;
use crate::planning::Asking;
use crate::record::{Attempt, EndpointRecord, EndpointState, NetworkRecord, Published};

/// A record as it is, and as it is to become.
#[derive(Debug)]
pub(super) struct Pair<R> {
    pub(super) before: Arc<R>,
    pub(super) after: R,
}

/// A network and its endpoints, as they are and as they are to become.
#[derive(Debug)]
pub(super) struct Next {
    pub(super) network: Pair<NetworkRecord>,
    /// In the order of their identifiers.
    pub(super) endpoints: Vec<Pair<EndpointRecord>>,
    /// What of the host the network's plan was judged by.
    pub(super) host: HostFacts,
    /// Held as long as that is to be so: what the network shares, and is to share.
    pub(super) _shared: SharedGuard,
}

impl Next {
    /// What is written down beside the network's record while it is carried out.
    pub(super) fn attempt(&self) -> Attempt {
        let joined = self.endpoints.iter().filter(|pair| pair.before.state == EndpointState::Joined);
        Attempt { network: self.network.after.clone(), endpoints: joined.map(|pair| pair.after.clone()).collect() }
    }
}

impl<D: Dataplane> Driver<D> {
    /// Asks a module for everything. The network is held.
    pub(super) async fn plan_next(&self, record: Arc<NetworkRecord>, asking: Asking<'_>) -> Result<Next, Error> {
        let (after, host, shared) = self.next_network(&record, asking).await?;
        let mut known = self.state.endpoints_of(&record.network.id);
        known.sort_unstable_by(|one, other| one.endpoint.id.cmp(&other.endpoint.id));
        let network = Pair { before: record, after };
        let live = match known.is_empty() {
            true => None,
            false => self.look_again(&network.after.network, asking.mode, self.patience()).await?,
        };
        let mut endpoints = Vec::new();
        for before in known {
            let id = &before.endpoint.id;
            if matches!(before.state, EndpointState::Leaving | EndpointState::Removing) {
                return Err(Error::EndpointGoing(id.clone()));
            }
            let of_endpoint =
                |cause| NotUpgraded::Endpoint { endpoint: before.endpoint.id.clone(), cause: Box::new(cause) };
            let after = self.next_endpoint(&network, &before, live.as_ref(), asking).await.map_err(of_endpoint)?;
            endpoints.push(Pair { before, after });
        }
        Ok(Next { network, endpoints, host, _shared: shared })
    }

    async fn next_network(
        &self,
        record: &NetworkRecord,
        asking: Asking<'_>,
    ) -> Result<(NetworkRecord, HostFacts, SharedGuard), Error> {
        let (network, ignored, told) = self.ask_again(record, asking.mode).await?;
        let question = Question::Network(network);
        let plan = self.consult(asking, &question).await?;
        let keys = plan.steps.iter().filter_map(|step| step.shared.as_deref());
        let to_be = keys.map(|key| NetworkId::of_shared(asking.mode.name(), key));
        let shared =
            self.locks.shared(to_be.chain(record.shared_ids()).collect(), &record.network.id, self.patience()).await?;
        let host = match told {
            Some(host) if shared.is_empty() => host,
            _ => self.host_for(asking.mode.name(), plan.steps.iter().map(|step| &step.action), self.patience()).await?,
        };
        let before = Predecessor { plan: &record.plan, scope: &[] };
        let plan = self.judge_after(asking, &question, before, &Admitted::default(), &host, &plan)?;
        self.check_ways(&plan, &record.network.id)?;
        self.check_meshes(&plan, &record.network.id)?;
        let after = NetworkRecord {
            network: question.network().clone(),
            secrets: asking.mode.secrets(),
            mode: asking.mode.name().to_owned(),
            digest: asking.mode.digest().clone(),
            origin: asking.mode.origin(),
            plan: self.name(plan).await?,
            ignored,
            attempt: None,
            ..record.clone()
        };
        Ok((after, host, shared))
    }

    async fn next_endpoint(
        &self,
        network: &Pair<NetworkRecord>,
        before: &EndpointRecord,
        live: Option<&Live>,
        asking: Asking<'_>,
    ) -> Result<EndpointRecord, Error> {
        let of = &network.after;
        let mut endpoint = self.ask_endpoint_again(before, &of.network, asking.mode)?;
        live.into_iter().for_each(|live| live.tell(&mut endpoint.facts));
        let question = Question::Endpoint(of.network.clone(), endpoint.clone());
        let plan = self.consult(asking, &question).await?;
        let predecessor = Predecessor { plan: &before.plan, scope: &network.before.plan.steps };
        let plan = self.judge_after(asking, &question, predecessor, &of.plan, &HostFacts::default(), &plan)?;
        let after = EndpointRecord { endpoint, plan: self.name(plan).await?, ..before.clone() };
        match &before.published {
            Some(published) if !published.plan.steps.is_empty() => {
                let plan = self.next_published(of, &after, published, asking).await?;
                Ok(EndpointRecord { published: Some(Published { plan, ..published.clone() }), ..after })
            }
            Some(_) | None => Ok(after),
        }
    }

    /// The ports are bound, and clients use them: a module that would rather have none of them comes too late.
    async fn next_published(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        published: &Published,
        asking: Asking<'_>,
    ) -> Result<Admitted, Error> {
        let ports = own_ports(published);
        let question = Question::Publish(network.network.clone(), record.endpoint.clone(), ports.clone());
        let (before, none) = (Admitted::default(), HostFacts::default());
        let before = Predecessor { plan: &before, scope: &[] };
        let plan = self.consult(asking, &question).await?;
        let plan = self.judge_after(asking, &question, before, &network.plan, &none, &plan)?;
        if plan.steps.is_empty() {
            return Err(NotUpgraded::Unpublished { endpoint: record.endpoint.id.clone(), ports }.into());
        }
        Ok(plan)
    }
}

/// The ports that an endpoint's plan publishes: others that it holds are relayed for an endpoint of its container.
fn own_ports(published: &Published) -> Vec<PublishedPort> {
    let is_own = |port: &&PublishedPort| published.plan.steps.iter().any(|step| step.action.publishes(port));
    published.ports.iter().filter(is_own).copied().collect()
}
