//! What this host has in the northbound database's pools, written down: a database that was emptied, restored or moved does
//! not know it any more, and containers still have it.

use std::sync::Arc;

use crate::change::{Change, Outcome};
use crate::error::Error;
use crate::id::{ClaimId, Place};
use crate::key::PoolKey;
use crate::pool::{Claim, Pool, Use};
use crate::records::Records;
use crate::store::{Own, Pools};

/// The parts of pools that are this driver's.
#[derive(Debug)]
pub(crate) struct Given(Own);

impl Given {
    pub(crate) fn new(records: Arc<dyn Records>, written: Pools) -> Self {
        Self(Own::new(Place::Northbound, records, written))
    }

    /// All of them.
    pub(crate) async fn pools(&self) -> Pools {
        self.0.pools().await
    }

    /// What this host has in one.
    pub(crate) async fn pool(&self, key: &PoolKey) -> Arc<Pool> {
        self.0.pool(key).await
    }

    /// Writes down a change that the database has made, for a claim. What is in its way is older.
    pub(crate) async fn note(&self, key: &PoolKey, by: (ClaimId, &Claim), change: &Change) -> Result<(), Error> {
        loop {
            match self.0.change(key, change).await? {
                Outcome::Done | Outcome::Occupied => return Ok(()),
                Outcome::NoClaim => {
                    let open = Change::Open { id: by.0, claim: by.1.clone(), alone: false };
                    self.0.change(key, &open).await?;
                }
                Outcome::Taken(held) => {
                    for release in releases(change, &held) {
                        self.0.change(key, &release).await?;
                    }
                }
            }
        }
    }

    /// Forgets what is let go of.
    pub(crate) async fn let_go(&self, key: &PoolKey, change: &Change) {
        if let Err(error) = self.0.change(key, change).await {
            tracing::error!(pool = %key, %error, "what is let go of is not forgotten");
        }
    }
}

/// What lets go of the address that a change wants.
fn releases(wanted: &Change, held: &Use) -> Vec<Change> {
    let (Change::Take { address, .. } | Change::Share { address, .. }) = wanted else { return Vec::new() };
    let release = |claim: &ClaimId| Change::Release { address: *address, claim: *claim, nonce: None };
    match held {
        Use::Endpoint { claim, .. } => vec![release(claim)],
        Use::Shared { claims, .. } => claims.iter().map(release).collect(),
    }
}

/// What has to be done to a pool for all to be in it that is in another one.
pub(crate) fn lost(had: &Pool, now: &Pool) -> Vec<Change> {
    let open = |(id, claim): (&ClaimId, &Claim)| Change::Open { id: *id, claim: claim.clone(), alone: false };
    let mut changes: Vec<_> = had.claims.iter().map(open).collect();
    for (address, of) in &had.taken {
        let address = *address;
        match of {
            Use::Endpoint { claim, mac, nonce } => {
                let (claim, mac, nonce) = (*claim, mac.clone(), *nonce);
                changes.push(Change::Take { address, claim, mac, nonce, over: None });
            }
            Use::Shared { role, claims } => {
                changes.extend(claims.iter().map(|claim| Change::Share { address, claim: *claim, role: *role }));
            }
        }
    }
    changes.retain(|change| !has(now, change));
    changes
}

/// Whether a pool is as a change makes it.
pub(crate) fn has(pool: &Pool, change: &Change) -> bool {
    match change {
        Change::Open { id, .. } => pool.claims.contains_key(id),
        Change::Take { address, claim, nonce, .. } => {
            pool.taken.get(address).is_some_and(|held| held.is_giving(*claim, *nonce))
        }
        Change::Share { address, claim, .. } => {
            matches!(pool.taken.get(address), Some(Use::Shared { claims, .. }) if claims.contains(claim))
        }
        Change::Release { .. } | Change::Close { .. } => false,
    }
}
