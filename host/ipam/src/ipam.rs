//! What Docker asks of address management, on whichever store keeps the pool.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ipnet::IpNet;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::addresses::Span;
use crate::change::{Change, Outcome};
use crate::error::Error;
use crate::id::{ClaimId, Place, PoolId};
use crate::key::{PoolKey, Vrf};
use crate::northbound::Session;
use crate::owed::{Debt, Owed};
use crate::pool::{Claim, Holder, Pool, Role, Use};
use crate::records::Records;
use crate::report::{Held, Listed};
use crate::store::{Own, Pools, Store};
use crate::subnets;
use crate::written::Written;

/// How often another address is chosen because others were first.
const TRIES: usize = 100;
/// How long Docker waits for what it would not ask again: it is done in any case.
const SHORT: Duration = Duration::from_secs(2);
/// How long one piece of background work may take, and the pause before the next try of one that failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// A pool that a network wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedPool {
    /// `--ipam-opt vrf`.
    pub vrf: Vrf,
    /// `--subnet`; none: one is chosen.
    pub subnet: Option<IpNet>,
    /// `--ip-range`.
    pub range: Option<IpNet>,
    /// Of which family a chosen one is.
    pub v6: bool,
}

/// An address that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// An endpoint, for itself.
    Endpoint {
        /// `--ip`; none: one is chosen.
        address: Option<IpAddr>,
        /// Its Ethernet address.
        mac: Option<String>,
        /// Whether the address may be the one that it was given before: nobody uses that.
        again: bool,
    },
    /// A network, for its gateway.
    Gateway {
        /// `--gateway`; none: the one that others on the pool have, or a new one.
        address: Option<IpAddr>,
    },
    /// A network, `--aux-address`.
    Auxiliary {
        /// Which.
        address: IpAddr,
    },
}

/// Address management.
#[derive(Debug)]
pub struct Ipam {
    holder: Holder,
    own: Arc<Own>,
    northbound: Session,
    owed: Owed,
    /// The address that a claim on an own pool was given last: a new one is not one that was just let go of.
    last: Mutex<HashMap<ClaimId, IpAddr>>,
}

impl Ipam {
    /// Address management for a driver, with what it wrote down earlier. Touches nothing yet, and asks nobody.
    #[must_use]
    pub fn new(
        holder: Holder,
        records: Arc<dyn Records>,
        written: Written,
        northbound: Option<ovsdb::Northbound>,
    ) -> Self {
        Self {
            holder,
            own: Arc::new(Own::new(Arc::clone(&records), written.pools)),
            northbound: Session::new(northbound),
            owed: Owed::new(records, written.debts),
            last: Mutex::default(),
        }
    }

    /// This driver, as its claims say.
    #[must_use]
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Claims a pool for a network.
    ///
    /// # Errors
    /// If it overlaps another one, none is left to choose, or it cannot be written down.
    pub async fn request_pool(&self, wanted: &WantedPool, deadline: Instant) -> Result<PoolId, Error> {
        let store = match self.northbound.store(deadline).await? {
            Some(northbound) => Store::Northbound(northbound),
            None => Store::Own(Arc::clone(&self.own)),
        };
        let Some(subnet) = wanted.subnet else { return self.choose_pool(&store, wanted, deadline).await };
        let key = PoolKey::new(wanted.vrf.clone(), subnet);
        let range = wanted.range.map(|range| range.trunc());
        if let Some(range) = range.filter(|range| !key.subnet.contains(range)) {
            return Err(Error::RangeOutside { range, subnet: key.subnet });
        }
        overlap(&key, &store.pools(deadline).await?)?;
        let id = PoolId { place: store.place(), key, range, claim: ClaimId::random() };
        self.open(&store, &id, false, deadline).await?;
        // Somebody may have come between; who comes second sees the first.
        let settled = store.pools(deadline).await.and_then(|pools| overlap(&id.key, &pools));
        if let Err(error) = settled {
            self.let_go(&id.place, &id.key, Change::Close { id: id.claim }, deadline).await;
            return Err(error);
        }
        Ok(id)
    }

    /// Claims the first subnet that nobody has, in whatever VRF: a host can have several.
    async fn choose_pool(&self, store: &Store, wanted: &WantedPool, deadline: Instant) -> Result<PoolId, Error> {
        let subnets: Vec<_> = if wanted.v6 { subnets::ipv6().collect() } else { subnets::ipv4().collect() };
        let held = store.pools(deadline).await?;
        for subnet in subnets {
            let key = PoolKey::new(wanted.vrf.clone(), subnet);
            let anywhere = |other: &PoolKey| PoolKey { vrf: key.vrf.clone(), ..other.clone() };
            if held.keys().any(|other| key.overlaps(&anywhere(other))) {
                continue;
            }
            let id = PoolId { place: store.place(), key, range: None, claim: ClaimId::random() };
            if self.open(store, &id, true, deadline).await? == Outcome::Done {
                return Ok(id);
            }
        }
        Err(Error::NoSubnet { vrf: wanted.vrf.to_string() })
    }

    /// Writes a claim down. If nobody knows whether that was done, it is let go of again.
    async fn open(&self, store: &Store, id: &PoolId, alone: bool, deadline: Instant) -> Result<Outcome, Error> {
        let claim = Claim { holder: self.holder.clone(), range: id.range };
        let opened = store.change(&id.key, &Change::Open { id: id.claim, claim, alone }, deadline).await;
        if opened.is_err() && id.place == Place::Northbound {
            self.owe(&id.key, Change::Close { id: id.claim }).await;
        }
        opened
    }

    /// Lets go of a pool, and of all that was given of it through this claim.
    ///
    /// # Errors
    /// None that Docker could do anything about: what cannot be done now is done later.
    pub async fn release_pool(&self, id: &PoolId, deadline: Instant) {
        self.last().remove(&id.claim);
        self.let_go(&id.place, &id.key, Change::Close { id: id.claim }, deadline).await;
    }

    /// Gives an address of a pool, with the pool's prefix length.
    ///
    /// # Errors
    /// If it is in use or not in the pool, none is left, or it cannot be written down.
    pub async fn request_address(&self, id: &PoolId, wanted: &Wanted, deadline: Instant) -> Result<IpNet, Error> {
        let store = self.store(id, deadline).await?;
        let whole = Span::of(id.key.subnet, id.key.subnet);
        let asked = match wanted {
            Wanted::Endpoint { address, .. } | Wanted::Gateway { address } => *address,
            Wanted::Auxiliary { address } => Some(*address),
        };
        if let Some(address) = asked.filter(|address| !whole.contains(*address)) {
            return Err(Error::Outside { address, key: id.key.clone() });
        }
        let given = match wanted {
            Wanted::Endpoint { address, mac, again } => {
                self.give(&store, id, *address, mac.as_deref(), *again, deadline).await
            }
            Wanted::Gateway { address } => self.share(&store, id, *address, Role::Gateway, deadline).await,
            Wanted::Auxiliary { address } => self.share(&store, id, Some(*address), Role::Auxiliary, deadline).await,
        };
        let length = id.key.subnet.prefix_len();
        given.map(|address| IpNet::new(address, length).unwrap_or(address.into()))
    }

    /// Takes an address for one endpoint.
    async fn give(
        &self,
        store: &Store,
        id: &PoolId,
        asked: Option<IpAddr>,
        mac: Option<&str>,
        again: bool,
        deadline: Instant,
    ) -> Result<IpAddr, Error> {
        let span = Span::of(id.key.subnet, id.range.unwrap_or(id.key.subnet));
        for _ in 0..TRIES {
            let pool = store.pool(&id.key, deadline).await?;
            let Some(address) = asked.or_else(|| self.next(store, id, span, &pool)) else {
                return Err(Error::Full { range: id.range.unwrap_or(id.key.subnet), key: id.key.clone() });
            };
            let nonce = Uuid::new_v4();
            let take = Change::Take { address, claim: id.claim, mac: mac.map(str::to_owned), nonce };
            match self.change(store, id, &take, deadline).await? {
                Outcome::Taken(held) if asked.is_none() => drop(held),
                Outcome::Taken(held) if again && mac.is_some() && is_of(&held, id.claim, mac) => return Ok(address),
                Outcome::Taken(held) => return Err(self.in_use(store, id, address, &held, deadline).await),
                Outcome::Done | Outcome::Occupied | Outcome::NoClaim => {
                    self.last().insert(id.claim, address);
                    return Ok(address);
                }
            }
        }
        Err(Error::Contended { key: id.key.clone() })
    }

    /// The address to try next: behind the last one where nobody else chooses, any one where many hosts do.
    fn next(&self, store: &Store, id: &PoolId, span: Span, pool: &Pool) -> Option<IpAddr> {
        let start = match store.place() {
            Place::Own => self.last().get(&id.claim).and_then(|last| span.after(*last)),
            Place::Northbound => span.any(),
        };
        span.free(&pool.taken, start)
    }

    /// Shares an address with whoever else has it as the same thing.
    async fn share(
        &self,
        store: &Store,
        id: &PoolId,
        asked: Option<IpAddr>,
        role: Role,
        deadline: Instant,
    ) -> Result<IpAddr, Error> {
        let whole = Span::of(id.key.subnet, id.key.subnet);
        for _ in 0..TRIES {
            let pool = store.pool(&id.key, deadline).await?;
            let Some(address) = asked.or_else(|| pool.gateway()).or_else(|| whole.free(&pool.taken, None)) else {
                return Err(Error::Full { range: id.key.subnet, key: id.key.clone() });
            };
            match self.change(store, id, &Change::Share { address, claim: id.claim, role }, deadline).await? {
                Outcome::Taken(held) if asked.is_some() => {
                    return Err(self.in_use(store, id, address, &held, deadline).await);
                }
                Outcome::Taken(_) => {}
                Outcome::Done | Outcome::Occupied | Outcome::NoClaim => return Ok(address),
            }
        }
        Err(Error::Contended { key: id.key.clone() })
    }

    /// Makes a change for a claim. If the claim is gone, which happens where somebody let go of it for this host, it is
    /// made again: Docker still has the network.
    async fn change(&self, store: &Store, id: &PoolId, change: &Change, deadline: Instant) -> Result<Outcome, Error> {
        let changed = async {
            let first = store.change(&id.key, change, deadline).await?;
            if first != Outcome::NoClaim {
                return Ok(first);
            }
            tracing::warn!(pool = %id.key, "the claim of a network that Docker has was gone: it is made again");
            overlap(&id.key, &store.pools(deadline).await?)?;
            self.open(store, id, false, deadline).await?;
            store.change(&id.key, change, deadline).await
        };
        let changed = changed.await;
        if changed.is_err()
            && id.place == Place::Northbound
            && let Some(undo) = change.undo()
        {
            self.owe(&id.key, undo).await;
        }
        changed
    }

    async fn in_use(&self, store: &Store, id: &PoolId, address: IpAddr, held: &Use, deadline: Instant) -> Error {
        let pool = store.pool(&id.key, deadline).await.unwrap_or_default();
        let mut hosts: Vec<_> = pool.holders(held).into_iter().map(|holder| holder.host.as_str()).collect();
        hosts.dedup();
        let on = if hosts.is_empty() { String::new() } else { format!(" on {}", hosts.join(", ")) };
        let by = match held {
            Use::Endpoint { mac: Some(mac), .. } => format!("by {mac}{on}"),
            Use::Endpoint { mac: None, .. } => format!("by an endpoint{on}"),
            Use::Shared { role: Role::Gateway, .. } => format!("it is a gateway{on}"),
            Use::Shared { role: Role::Auxiliary, .. } => format!("it is an auxiliary address{on}"),
        };
        Error::InUse { address, key: id.key.clone(), by }
    }

    /// Lets go of an address; of one that this claim does not have there is nothing to let go.
    ///
    /// # Errors
    /// None that Docker could do anything about: what cannot be done now is done later.
    pub async fn release_address(&self, id: &PoolId, address: IpAddr, deadline: Instant) {
        let known = match id.place {
            Place::Own => Some(self.own.pool(&id.key).await),
            Place::Northbound => self.northbound.last_known(&id.key).await,
        };
        let nonce = known.and_then(|pool| match pool.taken.get(&address)? {
            Use::Endpoint { nonce, .. } => Some(*nonce),
            Use::Shared { .. } => None,
        });
        self.let_go(&id.place, &id.key, Change::Release { address, claim: id.claim, nonce }, deadline).await;
    }

    /// Makes a change that only lets go: now if that can be, else later.
    async fn let_go(&self, place: &Place, key: &PoolKey, change: Change, deadline: Instant) {
        if *place == Place::Own {
            if let Err(error) = self.own.change(key, &change).await {
                tracing::error!(pool = %key, %error, "nothing was let go of");
            }
            return;
        }
        let debt = Debt { key: key.clone(), change };
        let name = self.owed.owe(&debt).await;
        self.pay(&name, &debt, deadline.min(Instant::now() + SHORT)).await;
    }

    /// Notes that something has to be let go of if it is there at all.
    async fn owe(&self, key: &PoolKey, change: Change) {
        self.owed.owe(&Debt { key: key.clone(), change }).await;
        self.owed.remind();
    }

    async fn pay(&self, name: &str, debt: &Debt, deadline: Instant) -> bool {
        let paid = match self.northbound.store(deadline).await {
            Ok(Some(store)) => store.change(&debt.key, &debt.change, deadline).await.map(drop),
            Ok(None) => Err(Error::NoNorthbound { key: debt.key.clone() }),
            Err(error) => Err(error),
        };
        match paid {
            Ok(()) => self.owed.done(name).await,
            Err(error) => {
                tracing::warn!(pool = %debt.key, %error, "not let go of yet: it is tried again");
                self.owed.remind();
                return false;
            }
        }
        true
    }

    /// Goes on with what could not be let go of, until it is dropped.
    pub async fn run(&self) {
        loop {
            self.owed.more().await;
            for (name, debt) in self.owed.all() {
                if !self.pay(&name, &debt, Instant::now() + PATIENCE).await {
                    sleep(PATIENCE).await;
                    break;
                }
            }
        }
    }

    /// How much is still to be let go of.
    #[must_use]
    pub fn owed(&self) -> usize {
        self.owed.all().len()
    }

    /// All pools; those of the northbound database are missing where it does not answer, which is the second part.
    pub async fn pools(&self, deadline: Instant) -> (Vec<Listed>, Option<Error>) {
        let listed = |place: Place, pools: Pools| pools.into_iter().map(move |(key, pool)| Listed { place, key, pool });
        let mut all: Vec<_> = listed(Place::Own, self.own.pools().await).collect();
        let shared = match self.northbound.store(deadline).await {
            Ok(Some(store)) => Store::Northbound(store).pools(deadline).await.map(Some),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        match shared {
            Ok(shared) => {
                all.extend(shared.into_iter().flat_map(|pools| listed(Place::Northbound, pools)));
                (all, None)
            }
            Err(error) => (all, Some(error)),
        }
    }

    /// Lets go of an address that nobody gave back, unless it is another giving of it by now.
    pub async fn reclaim_address(&self, of: &Listed, address: IpAddr, claim: ClaimId, nonce: Uuid, deadline: Instant) {
        let release = Change::Release { address, claim, nonce: Some(nonce) };
        self.let_go(&of.place, &of.key, release, deadline).await;
    }

    /// Lets go of a claim for whoever forgot it.
    pub async fn reclaim_claim(&self, of: &Listed, claim: ClaimId, deadline: Instant) {
        self.let_go(&of.place, &of.key, Change::Close { id: claim }, deadline).await;
    }

    /// Lets go, in the northbound database, of everything that drivers on a host hold, by the host's name or a driver's
    /// instance; never of what this driver holds.
    ///
    /// # Errors
    /// If there is no such database, or it does not answer.
    pub async fn reclaim_host(&self, host: &str, deadline: Instant) -> Result<Vec<Held>, Error> {
        let Some(store) = self.northbound.store(deadline).await? else { return Ok(Vec::new()) };
        let is_meant = |holder: &Holder| {
            holder.instance != self.holder.instance && (holder.host == host || holder.instance == host)
        };
        let mut reclaimed = Vec::new();
        for (key, pool) in store.pools(deadline).await? {
            for (id, claim) in pool.claims.iter().filter(|(_, claim)| is_meant(&claim.holder)) {
                store.change(&key, &Change::Close { id: *id }, deadline).await?;
                reclaimed.push(Held { key: key.clone(), id: *id, claim: claim.clone() });
            }
        }
        Ok(reclaimed)
    }

    /// The store that a pool is in.
    async fn store(&self, id: &PoolId, deadline: Instant) -> Result<Store, Error> {
        match id.place {
            Place::Own => Ok(Store::Own(Arc::clone(&self.own))),
            Place::Northbound => match self.northbound.store(deadline).await? {
                Some(northbound) => Ok(Store::Northbound(northbound)),
                None => Err(Error::NoNorthbound { key: id.key.clone() }),
            },
        }
    }

    fn last(&self) -> std::sync::MutexGuard<'_, HashMap<ClaimId, IpAddr>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an address is an endpoint's of this claim and Ethernet address.
fn is_of(held: &Use, by: ClaimId, station: Option<&str>) -> bool {
    matches!(held, Use::Endpoint { claim, mac, .. } if *claim == by && mac.as_deref() == station)
}

/// An error if another pool of the VRF has addresses in common with this one.
fn overlap(key: &PoolKey, pools: &Pools) -> Result<(), Error> {
    let Some((other, pool)) = pools.iter().find(|(other, _)| *other != key && other.overlaps(key)) else {
        return Ok(());
    };
    let mut hosts: Vec<_> = pool.claims.values().map(|claim| claim.holder.host.clone()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    Err(Error::Overlap { key: key.clone(), other: other.subnet, holders: hosts.join(", ") })
}
