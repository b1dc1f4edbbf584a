//! Pools: claimed for networks, and let go of.

use std::sync::Arc;

use tokio::time::Instant;

use super::{Ipam, WantedPool};
use crate::change::{Change, Outcome};
use crate::error::Error;
use crate::id::{ClaimId, Place, PoolId};
use crate::key::PoolKey;
use crate::pool::Claim;
use crate::store::{Pools, Store};
use crate::subnets;

impl Ipam {
    /// Claims a pool for a network.
    ///
    /// # Errors
    /// If it overlaps another one, none is left to choose, or it cannot be written down.
    pub async fn request_pool(&self, wanted: &WantedPool, deadline: Instant) -> Result<PoolId, Error> {
        let store = match self.northbound.store(deadline).await? {
            Some(northbound) => {
                northbound.connected(deadline).await?;
                self.northbound.answered(&northbound).await;
                Store::Northbound(northbound)
            }
            None => Store::Own(Arc::clone(&self.own)),
        };
        let Some(subnet) = wanted.subnet else {
            return match wanted.range {
                Some(range) => Err(Error::RangeAlone(range)),
                None => self.choose_pool(&store, wanted, deadline).await,
            };
        };
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
        // What this host has is in use, too, where the database does not know it any more.
        let (held, given) = (store.pools(deadline).await?, self.given.pools().await);
        for subnet in subnets {
            let key = PoolKey::new(wanted.vrf.clone(), subnet);
            let anywhere = |other: &PoolKey| PoolKey { vrf: key.vrf.clone(), ..other.clone() };
            let avoided = wanted.avoid.iter().map(|subnet| PoolKey::new(key.vrf.clone(), *subnet));
            if held.keys().chain(given.keys()).map(anywhere).chain(avoided).any(|other| key.overlaps(&other)) {
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
    pub(super) async fn open(
        &self,
        store: &Store,
        id: &PoolId,
        alone: bool,
        deadline: Instant,
    ) -> Result<Outcome, Error> {
        let open = |alone| Change::Open { id: id.claim, claim: self.claim(id), alone };
        let opened = async {
            let outcome = store.change(&id.key, &open(alone), deadline).await?;
            if outcome == Outcome::Done {
                self.note(id, &open(false)).await?;
            }
            Ok(outcome)
        };
        let opened = opened.await;
        if opened.is_err() && id.place == Place::Northbound {
            self.owe(&id.key, Change::Close { id: id.claim }).await;
        }
        opened
    }

    /// A network's claim, as its id says.
    pub(super) fn claim(&self, id: &PoolId) -> Claim {
        Claim { holder: self.holder.clone(), range: id.range }
    }

    /// Writes down what the northbound database gave to this host.
    pub(super) async fn note(&self, id: &PoolId, change: &Change) -> Result<(), Error> {
        match id.place {
            Place::Own => Ok(()),
            Place::Northbound => self.given.note(&id.key, (id.claim, &self.claim(id)), change).await,
        }
    }

    /// Lets go of a pool, and of all that was given of it through this claim.
    /// What cannot be done now is done later: Docker would not ask again.
    pub async fn release_pool(&self, id: &PoolId, deadline: Instant) {
        self.last().remove(&id.claim);
        self.let_go(&id.place, &id.key, Change::Close { id: id.claim }, deadline).await;
    }
}

/// An error if another pool of the VRF has addresses in common with this one.
pub(super) fn overlap(key: &PoolKey, pools: &Pools) -> Result<(), Error> {
    let Some((other, pool)) = pools.iter().find(|(other, _)| *other != key && other.overlaps(key)) else {
        return Ok(());
    };
    let mut hosts: Vec<_> = pool.claims.values().map(|claim| claim.holder.host.clone()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    Err(Error::Overlap { key: key.clone(), other: other.subnet, holders: hosts.join(", ") })
}
