//! Pools in the driver's own store: a copy in memory, changed first, and a record for each claim and each address. What this
//! host has in the northbound database's is written down in the same way, under other names.

use std::str::FromStr;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::Pools;
use crate::change::{Change, Outcome, Touched};
use crate::error::Error;
use crate::id::Place;
use crate::key::PoolKey;
use crate::pool::Pool;
use crate::records::{Must, Record, Records};

/// The pools of this host, or its parts of those elsewhere.
pub(crate) struct Own {
    place: Place,
    records: Arc<dyn Records>,
    /// Held while a change is written: what is written later is also newer.
    pools: Mutex<Pools>,
}

impl Own {
    /// The pools as they were written down.
    pub(crate) fn new(place: Place, records: Arc<dyn Records>, written: Pools) -> Self {
        Self { place, records, pools: Mutex::new(written) }
    }

    pub(crate) async fn pools(&self) -> Pools {
        self.pools.lock().await.clone()
    }

    pub(crate) async fn pool(&self, key: &PoolKey) -> Arc<Pool> {
        self.pools.lock().await.get(key).cloned().unwrap_or_default()
    }

    pub(crate) async fn change(&self, key: &PoolKey, change: &Change) -> Result<Outcome, Error> {
        let mut pools = self.pools.lock().await;
        let mut pool = pools.remove(key).unwrap_or_default();
        let (outcome, touched) = Arc::make_mut(&mut pool).apply(change);
        let written = match touched.is_empty() {
            true => Ok(()),
            false => self.records.write(records(self.place, key, &pool, &touched), must(change)).await,
        };
        let result = match written {
            Ok(()) => Ok(outcome),
            Err(error) => match change.undo() {
                Some(undo) => {
                    Arc::make_mut(&mut pool).apply(&undo);
                    Err(Error::records(error))
                }
                None => {
                    tracing::error!(pool = %key, %error, "what was let go of is not written down yet");
                    Ok(outcome)
                }
            },
        };
        if !pool.is_empty() {
            pools.insert(key.clone(), pool);
        }
        result
    }
}

/// Docker never lets go a second time.
fn must(change: &Change) -> Must {
    if change.undo().is_some() { Must::Now } else { Must::InTheEnd }
}

impl std::fmt::Debug for Own {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Own").finish_non_exhaustive()
    }
}

/// The records of what is different now.
fn records(place: Place, key: &PoolKey, pool: &Pool, touched: &Touched) -> Vec<Record> {
    let name = |kind: &str, what: &dyn std::fmt::Display| format!("{kind} {} {} {what}", key.vrf, key.subnet);
    let (claim, address) = kinds(place);
    let claims = touched.claims.iter().map(|id| (name(claim, id), pool.claims.get(id).map(to_bytes)));
    let addresses = touched.addresses.iter().map(|it| (name(address, it), pool.taken.get(it).map(to_bytes)));
    claims.chain(addresses).collect()
}

fn kinds(of: Place) -> (&'static str, &'static str) {
    match of {
        Place::Own => ("claim", "address"),
        Place::Northbound => ("northbound-claim", "northbound-address"),
    }
}

/// Our own records have text keys and no maps of anything else: they are always representable.
fn to_bytes(record: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(record).unwrap_or_default()
}

/// Reads one record of the pools in a place back; false: it is of no pool there.
pub(crate) fn read(place: Place, pools: &mut Pools, name: &str, bytes: &[u8]) -> Result<bool, String> {
    let (claim, address) = kinds(place);
    let kind = name.split(' ').next().filter(|kind| [claim, address].contains(kind));
    let Some(kind) = kind else { return Ok(false) };
    let [_, vrf, subnet, what] = name.split(' ').collect::<Vec<_>>()[..] else {
        return Err("its name has not four parts".to_owned());
    };
    let key = PoolKey::new(parse(vrf)?, parse(subnet)?);
    let pool = Arc::make_mut(pools.entry(key).or_default());
    match kind == claim {
        true => drop(pool.claims.insert(parse(what)?, value(bytes)?)),
        false => drop(pool.taken.insert(parse(what)?, value(bytes)?)),
    }
    Ok(true)
}

fn parse<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

fn value<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}
