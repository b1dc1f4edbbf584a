//! Addresses: taken for endpoints, and shared by networks.

use std::net::IpAddr;

use ipnet::IpNet;
use tokio::time::Instant;
use uuid::Uuid;

use super::pools::overlap;
use super::{Ipam, Wanted};
use crate::addresses::Span;
use crate::change::{Change, Outcome};
use crate::error::Error;
use crate::id::{ClaimId, Place, PoolId};
use crate::key::PoolKey;
use crate::pool::{Pool, Role, Use};
use crate::store::Store;

/// How often another address is chosen because others were first.
const TRIES: usize = 100;

impl Ipam {
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
        let mut over = None;
        for _ in 0..TRIES {
            let address = match asked {
                Some(address) => address,
                None => self.free(store, id, deadline, |pool| self.next(store, id, span, pool)).await?,
            };
            // A new giving each time: what is still owed of an earlier one does not let go of this one.
            let nonce = Uuid::new_v4();
            let take = Change::Take { address, claim: id.claim, mac: mac.map(str::to_owned), nonce, over };
            match self.change(store, id, &take, deadline).await? {
                Outcome::Taken(_) if asked.is_none() => {}
                Outcome::Taken(held) => match giving(&held, id.claim, mac).filter(|_| again && mac.is_some()) {
                    Some(earlier) => over = Some(earlier),
                    None => return Err(self.in_use(store, &id.key, address, &held, deadline).await),
                },
                Outcome::Done | Outcome::Occupied | Outcome::NoClaim => {
                    self.owed.forget(&id.key, id.claim, address).await;
                    self.last().insert(id.claim, address);
                    return Ok(address);
                }
            }
        }
        Err(Error::Contended { key: id.key.clone() })
    }

    /// A free address, as the copy of the pool has it or, where that has none, the pool itself: somebody may just have let
    /// go of one.
    async fn free(
        &self,
        store: &Store,
        id: &PoolId,
        deadline: Instant,
        choose: impl Fn(&Pool) -> Option<IpAddr>,
    ) -> Result<IpAddr, Error> {
        if let Some(address) = choose(&*store.pool(&id.key, deadline).await?) {
            return Ok(address);
        }
        store.catch_up(deadline).await?;
        let address = choose(&*store.pool(&id.key, deadline).await?);
        address.ok_or_else(|| Error::Full { range: id.range.unwrap_or(id.key.subnet), key: id.key.clone() })
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
        let (whole, everywhere) = (Span::of(id.key.subnet, id.key.subnet), PoolId { range: None, ..id.clone() });
        for _ in 0..TRIES {
            let choose = |pool: &Pool| pool.gateway().or_else(|| whole.free(&pool.taken, None));
            let address = match asked {
                Some(address) => address,
                None => self.free(store, &everywhere, deadline, choose).await?,
            };
            match self.change(store, id, &Change::Share { address, claim: id.claim, role }, deadline).await? {
                Outcome::Taken(held) if asked.is_some() => {
                    return Err(self.in_use(store, &id.key, address, &held, deadline).await);
                }
                Outcome::Taken(_) => {}
                Outcome::Done | Outcome::Occupied | Outcome::NoClaim => return Ok(address),
            }
        }
        Err(Error::Contended { key: id.key.clone() })
    }

    /// Makes a change for a claim, and writes down what was given.
    async fn change(&self, store: &Store, id: &PoolId, change: &Change, deadline: Instant) -> Result<Outcome, Error> {
        let changed = async {
            let outcome = match store.change(&id.key, change, deadline).await? {
                Outcome::NoClaim => {
                    self.reopen(store, id, deadline).await?;
                    store.change(&id.key, change, deadline).await?
                }
                outcome => outcome,
            };
            if outcome == Outcome::Done {
                self.note(id, change).await?;
            }
            Ok(outcome)
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

    /// Makes a claim again that is gone, with all that this host has in the pool: Docker still has the network. It is not
    /// taken back if nobody knows whether that was done: the network goes on.
    async fn reopen(&self, store: &Store, id: &PoolId, deadline: Instant) -> Result<(), Error> {
        tracing::warn!(pool = %id.key, "the claim of a network that Docker has was gone: it is made again");
        overlap(&id.key, &store.pools(deadline).await?)?;
        if id.place == Place::Northbound {
            self.restore(store, &id.key, deadline).await?;
        }
        let open = Change::Open { id: id.claim, claim: self.claim(id), alone: false };
        store.change(&id.key, &open, deadline).await?;
        self.note(id, &open).await
    }

    pub(super) async fn in_use(
        &self,
        store: &Store,
        key: &PoolKey,
        address: IpAddr,
        held: &Use,
        deadline: Instant,
    ) -> Error {
        let pool = store.pool(key, deadline).await.unwrap_or_default();
        let mut hosts: Vec<_> = pool.holders(held).into_iter().map(|holder| holder.host.as_str()).collect();
        hosts.dedup();
        let on = if hosts.is_empty() { String::new() } else { format!(" on {}", hosts.join(", ")) };
        let by = match held {
            Use::Endpoint { mac: Some(mac), .. } => format!("by {mac}{on}"),
            Use::Endpoint { mac: None, .. } => format!("by an endpoint{on}"),
            Use::Shared { role: Role::Gateway, .. } => format!("it is a gateway{on}"),
            Use::Shared { role: Role::Auxiliary, .. } => format!("it is an auxiliary address{on}"),
        };
        Error::InUse { address, key: key.clone(), by }
    }
}

/// By which giving an endpoint of this claim and Ethernet address has an address.
fn giving(held: &Use, by: ClaimId, station: Option<&str>) -> Option<Uuid> {
    match held {
        Use::Endpoint { claim, mac, nonce } if *claim == by && mac.as_deref() == station => Some(*nonce),
        Use::Endpoint { .. } | Use::Shared { .. } => None,
    }
}
