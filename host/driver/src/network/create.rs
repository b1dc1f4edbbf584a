//! Making a network.

use std::collections::BTreeSet;

use docker_api::{ADDRESS_SPACE, AddressData, CreateNetwork};
use ipnet::IpNet;
use plan::{Action, Admitted, Attribute, HostFacts, Network, NetworkId, Subnet, Value};
use plumbing::Dataplane;
use policy::{Loaded, Question, Scope, options};
use tokio::time::Instant;

use crate::error::Error;
use crate::lock::SharedGuard;
use crate::network::InterfacePrefix;
use crate::record::{Claim, NetworkRecord, NetworkState};
use crate::store::Batch;
use crate::{Driver, facts, swarm, tunnels};

impl<D: Dataplane> Driver<D> {
    /// Makes a network; one that exists as asked for is a success.
    pub(crate) async fn create_network(&self, request: &CreateNetwork, deadline: Instant) -> Result<(), Error> {
        let id = NetworkId::new(request.network.as_str())?;
        let asked = format!("{request:?}");
        let _alone = self.locks.network(&id).await;
        if let Some(known) = self.state.network(&id) {
            return match known.state {
                NetworkState::Ready if known.request == asked => Ok(()),
                NetworkState::Ready | NetworkState::Creating => Err(Error::NetworkExists(id)),
                NetworkState::Removing => Err(Error::NetworkGoing(id)),
            };
        }
        let prefix = InterfacePrefix::of(&request.options.generic)?;
        let mode = self.mode_of(request).await?;
        let owner = |key: &str, scope| self.catalog.owner_of(key, scope, mode.name());
        let typed = mode.manifest().options(Scope::Network, &request.options.generic, &owner)?;
        typed.ignored.iter().for_each(|ignored| tracing::warn!(network = %id, "{ignored}"));
        tracing::debug!(mode = mode.name(), beside = ?request.options.beside, "options read");
        let asks = facts::are_the_hosts(&mode.manifest().facts, &typed.attributes);
        let told = if asks { Some(self.look(&typed.attributes, deadline).await?) } else { None };
        let wanted = &mode.manifest().facts;
        let gather = |host| facts::gather(wanted, &typed.attributes, host, &self.config.physical);
        let facts = told.as_ref().map(gather).unwrap_or_default();
        let network = describe(id, request, typed.attributes, facts);
        let question = Question::Network(network.clone());
        let plan = self.consult(&mode, &question).await?;
        let shared = self.hold_shared(mode.name(), &plan, &question.network().id, deadline).await?;
        let host = match told {
            // What is shared may have come or gone since the look.
            Some(host) if shared.is_empty() => host,
            _ => self.host_for(mode.name(), plan.steps.iter().map(|step| &step.action), deadline).await?,
        };
        let plan = self.judge(&mode, &question, &Admitted::default(), &host, &plan)?;
        let plan = self.name(plan).await?;
        let record = NetworkRecord {
            given: Some(request.options.generic.clone()),
            interface_prefix: prefix,
            pools: own_pools(request),
            ignored: typed.ignored.into_iter().map(|ignored| ignored.key).collect(),
            ..record(network, &mode, plan, asked)
        };
        let (follows, spans) = (swarm::follows(&record), tunnels::spans_hosts(&record));
        let id = record.network.id.clone();
        self.make(record, &mode, &host, shared, deadline).await?;
        if follows {
            // Hosts may have come or gone since the look, and been there before Docker used this driver.
            self.swarm.look_again();
        }
        if spans {
            self.warn_of_tunnels(&id, deadline).await;
        }
        Ok(())
    }

    /// What there is on the host, the swarm's hosts, and how much the links to the tunnels' other ends carry.
    pub(crate) async fn look(&self, options: &[Attribute], deadline: Instant) -> Result<HostFacts, plumbing::Error> {
        let host = self.swarm.now().tell(self.dataplane.facts(deadline).await?);
        let hosts = facts::hosts(options, &host);
        if hosts.is_empty() {
            return Ok(host);
        }
        let ways = self.dataplane.underlay(&hosts, deadline).await?;
        let tunnel_mtu = ways.iter().filter_map(|way| u16::try_from(way.mtu?).ok()).min();
        Ok(HostFacts { tunnel_mtu, ..host })
    }

    /// What of the host the guard judges actions of a mode by; nothing of its links and bridges, where it judges none of
    /// them so.
    pub(crate) async fn host_for<'a>(
        &self,
        mode: &str,
        mut actions: impl Iterator<Item = &'a Action>,
        deadline: Instant,
    ) -> Result<HostFacts, plumbing::Error> {
        let looked = actions.any(facts::judge);
        let host = if looked { self.dataplane.facts(deadline).await? } else { HostFacts::default() };
        Ok(HostFacts { shared: self.shared_by(mode), ..host })
    }

    /// The mode a network asks for, or the default one.
    pub(crate) async fn mode_of(&self, request: &CreateNetwork) -> Result<Loaded, Error> {
        self.mode_named(options::mode_of(&request.options.generic)?).await
    }

    /// The mode of a name, or the default one.
    pub(crate) async fn mode_named(&self, name: Option<String>) -> Result<Loaded, Error> {
        let name = name.unwrap_or_else(|| self.config.default_mode.clone());
        Ok(self.catalog.by_name(&name).await?)
    }

    /// Gives fresh names to what a plan makes and has none yet.
    pub(crate) async fn name(&self, mut plan: Admitted) -> Result<Admitted, Error> {
        // A step makes two links at the most.
        let count = 2 * u64::try_from(plan.steps.len()).unwrap_or(u64::MAX);
        let mut taken = self.names.take(&self.store, count).await?;
        plan.name_objects(|kind| taken.name(kind))?;
        Ok(plan)
    }

    /// Whether a mode's module is in the store, for another network.
    fn has_written(&self, mode: &Loaded) -> bool {
        let written = |other: &NetworkRecord| other.state == NetworkState::Ready && other.digest == *mode.digest();
        self.state.networks().iter().any(|other| written(other))
    }

    /// Takes what a network needs for itself alone, or will once it has changed, so that who comes next sees it; or
    /// nothing: what was free when it was planned may be another's by now. `more`: what of its plan no claim is for yet.
    pub(crate) fn enter(&self, record: &NetworkRecord, more: &Admitted, host: &HostFacts) -> Result<Vec<Claim>, Error> {
        let becomes = record.attempt.as_ref().map_or(record, |attempt| &attempt.network);
        let (plan, id) = (&becomes.plan, &record.network.id);
        let _alone = self.locks.entering();
        self.check_ways(plan, id)?;
        self.check_meshes(plan, id)?;
        let claims = self.claim(&becomes.mode, more, id, host)?;
        self.state.put_network(record.clone());
        Ok(claims)
    }

    /// Writes a network down, performs it, and writes down that it is there; or leaves nothing. What it shares is held.
    async fn make(
        &self,
        mut record: NetworkRecord,
        mode: &Loaded,
        host: &HostFacts,
        shared: SharedGuard,
        deadline: Instant,
    ) -> Result<(), Error> {
        let id = record.network.id.clone();
        // Waited for now, since who puts rules back must not wait for it with us.
        self.dataplane.ready(deadline).await?;
        // Until it is ready, who puts all rules back would leave this network's out.
        let rules = self.rules.read().await;
        let claims = self.enter(&record, &record.plan, host)?;
        let mut written = claims.iter().fold(Batch::default().network(&record), Batch::claim);
        if !self.has_written(mode) {
            written = written.module(mode.digest(), mode.bytes());
        }
        let made = match self.store.write(written).await {
            Ok(()) => self.perform_network(&record, deadline).await.map_err(Error::from),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = made {
            self.forget_network(&record).await;
            return Err(error);
        }
        record.state = NetworkState::Ready;
        if let Err(error) = self.store.write(Batch::default().network(&record)).await {
            // Docker takes it for never made, and would not remove it.
            self.state.put_network(NetworkRecord { state: NetworkState::Removing, ..record });
            drop((rules, shared));
            self.remove_network(&id, deadline).await;
            return Err(error.into());
        }
        self.state.put_network(record);
        tracing::info!(network = %id, mode = mode.name(), "network created");
        Ok(())
    }
}

fn record(network: Network, mode: &Loaded, plan: Admitted, request: String) -> NetworkRecord {
    NetworkRecord {
        network,
        given: None,
        secrets: mode.manifest().secrets(),
        mode: mode.name().to_owned(),
        digest: mode.digest().clone(),
        origin: mode.origin(),
        plan,
        state: NetworkState::Creating,
        interface_prefix: None,
        ignored: Vec::new(),
        pools: BTreeSet::new(),
        request,
        attempt: None,
    }
}

fn describe(id: NetworkId, request: &CreateNetwork, options: Vec<Attribute>, facts: Vec<Attribute>) -> Network {
    let subnets = request.ipv4.iter().chain(&request.ipv6).filter_map(subnet).collect();
    Network { id, internal: request.options.internal, subnets, options, facts }
}

/// The subnets whose addresses Docker asks this driver for.
fn own_pools(request: &CreateNetwork) -> BTreeSet<IpNet> {
    let own = request.ipv4.iter().chain(&request.ipv6).filter(|data| data.address_space == ADDRESS_SPACE);
    own.filter_map(|data| Some(data.pool?.trunc())).collect()
}

/// A pool of Docker's; the null IPAM driver has none.
fn subnet(data: &AddressData) -> Option<Subnet> {
    let auxiliary = data.auxiliary.iter().map(|(name, net)| Attribute::new(name, Value::Address(net.addr()))).collect();
    data.pool.map(|pool| Subnet { pool: pool.trunc(), gateway: data.gateway, auxiliary })
}
