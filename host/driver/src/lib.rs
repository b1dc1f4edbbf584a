//! The life of networks and endpoints: the order of things, locks, the store, reconcile.
//!
//! A plan is asked for once, checked whole, written down, performed in order, re-performed when the world drifts, and
//! undone in reverse: the undo comes from what was written down and never asks the mode again.
//!
//! [`Driver`] is what `docker-api` and `admin` call. It has no socket, except those that hold published ports.

mod addresses;
mod config;
mod docker;
mod endpoint;
mod error;
mod external;
mod facts;
mod lock;
mod memory;
mod modes;
mod names;
mod network;
mod notes;
mod operations;
mod planning;
mod publish;
mod reconcile;
mod record;
mod state;
mod store;
mod swarm;
mod tunnels;
mod upgrade;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Instant as Started;

pub use addresses::Addresses;
pub use config::{Config, PhysicalNetwork};
use ipam::{Holder, Ipam};
pub use memory::Memory;
pub use modes::ModeSource;
pub use network::{InterfacePrefix, InvalidPrefix};
pub use operations::{LogControl, mode_report};
use plan::{AdmittedStep, EndpointId, NetworkId};
use plumbing::{Dataplane, Mark, Marked, Work};
use policy::{Catalog, Sandbox, Witness};
pub use store::StoreError;
pub use swarm::{Swarm, SwarmSource};
use tokio::sync::{Mutex as AsyncMutex, RwLock};
use tokio::time::Instant;

use crate::addresses::Unused;
use crate::error::Error;
use crate::lock::Locks;
use crate::names::Names;
use crate::notes::Notes;
use crate::publish::Ports;
use crate::record::{EndpointRecord, NetworkRecord};
use crate::state::State;
use crate::store::Store;
use crate::swarm::Members;
use crate::tunnels::Tunnels;

/// The modes, and what runs them.
pub struct Modes {
    /// What runs them.
    pub sandbox: Sandbox,
    /// Which there are.
    pub catalog: Catalog,
    /// Where they are, to be read again; none: they stay as they are.
    pub source: Option<Arc<dyn ModeSource>>,
    /// Who sees what they are asked, and what becomes of it.
    pub witness: Option<Arc<dyn Witness>>,
}

/// The driver. Shared (`Arc`) between Docker's socket, the operators' socket and its own background work.
pub struct Driver<D> {
    config: Config,
    dataplane: D,
    sandbox: Sandbox,
    catalog: Arc<Catalog>,
    source: Option<Arc<dyn ModeSource>>,
    /// Modes are read again by one at a time.
    reading: AsyncMutex<()>,
    witness: Option<Arc<dyn Witness>>,
    log: Arc<dyn LogControl>,
    store: Arc<Store>,
    ipam: Ipam,
    /// Addresses that were given and that no endpoint has.
    unused: Mutex<Unused>,
    state: State,
    locks: Locks,
    names: Names,
    ports: Ports,
    /// This boot: links of another one are gone.
    boot: String,
    started: Started,
    /// Marked things without a record, and when they were first seen.
    strays: Mutex<HashMap<Marked, Instant>>,
    /// Endpoints that an earlier process wrote down as joined and whose links were still on the host at start.
    unclaimed: Mutex<HashSet<EndpointId>>,
    notes: Notes,
    /// The hosts of Docker's swarm.
    swarm: Members,
    /// Who can be asked for them.
    swarm_source: Arc<dyn SwarmSource>,
    /// What is in the way of OVN's tunnels.
    tunnels: Tunnels,
    /// Held (read) while rules are made or undone, until the records say so too: what puts all rules back (write) goes by
    /// the records.
    rules: RwLock<()>,
    /// One reconcile at a time.
    reconciling: AsyncMutex<()>,
    /// When everything was last looked at.
    reconciled: Mutex<Option<Started>>,
}

impl<D: Dataplane> Driver<D> {
    /// Puts a driver together from what it remembers. Touches nothing yet: see [`Driver::run`].
    #[must_use]
    pub fn new(
        config: Config,
        memory: Memory,
        addresses: Addresses,
        dataplane: D,
        modes: Modes,
        swarm_source: Arc<dyn SwarmSource>,
        log: Arc<dyn LogControl>,
    ) -> Arc<Self> {
        let Memory { store, mut remembered, boot } = memory;
        let holder = Holder { instance: store.instance().to_string(), host: addresses.host };
        let written = std::mem::take(&mut remembered.addresses);
        let records = Arc::clone(&store) as Arc<dyn ipam::Records>;
        let Modes { sandbox, catalog, source, witness } = modes;
        Arc::new(Self {
            swarm: Members::new(std::mem::take(&mut remembered.swarm)),
            swarm_source,
            tunnels: Tunnels::default(),
            names: Names::new(&config.prefix, remembered.counter),
            state: State::new(remembered),
            config,
            dataplane,
            sandbox,
            catalog: Arc::new(catalog),
            source,
            reading: AsyncMutex::default(),
            witness,
            log,
            ipam: Ipam::new(holder, records, written, addresses.northbound),
            unused: Mutex::default(),
            store,
            locks: Locks::default(),
            ports: Ports::default(),
            boot,
            started: Started::now(),
            strays: Mutex::default(),
            unclaimed: Mutex::default(),
            notes: Notes::default(),
            rules: RwLock::default(),
            reconciling: AsyncMutex::default(),
            reconciled: Mutex::default(),
        })
    }

    /// The modes of this host.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// What Open vSwitch, links and rules are used through.
    #[must_use]
    pub fn dataplane(&self) -> &D {
        &self.dataplane
    }

    fn mark(&self, network: &NetworkId, endpoint: Option<&EndpointId>) -> Mark {
        Mark { instance: self.store.instance().clone(), network: network.clone(), endpoint: endpoint.cloned() }
    }

    fn endpoint_work(&self, network: &NetworkRecord, record: &EndpointRecord) -> Work {
        self.work_on(network, record, record.plan.steps.clone())
    }

    fn work_on(&self, network: &NetworkRecord, record: &EndpointRecord, steps: Vec<AdmittedStep>) -> Work {
        let mark = self.mark(&network.network.id, Some(&record.endpoint.id));
        Work { mark, steps, scope: network.plan.steps.clone() }
    }

    /// The time one piece of background work has.
    fn patience(&self) -> Instant {
        Instant::now() + self.config.patience
    }

    fn known_network(&self, id: &NetworkId) -> Result<Arc<NetworkRecord>, Error> {
        self.state.network(id).ok_or_else(|| Error::UnknownNetwork(id.clone()))
    }

    fn known_endpoint(&self, id: &EndpointId) -> Result<Arc<EndpointRecord>, Error> {
        self.state.endpoint(id).ok_or_else(|| Error::UnknownEndpoint(id.clone()))
    }
}
