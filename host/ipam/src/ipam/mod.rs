//! What Docker asks of address management, on whichever store keeps the pool.

mod give;
mod pools;
mod reclaim;
mod release;
mod restore;

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipnet::IpNet;
use tokio::time::Instant;

use crate::error::Error;
use crate::given::Given;
use crate::id::{ClaimId, Place, PoolId};
use crate::key::{PoolKey, Vrf};
use crate::northbound::Session;
use crate::owed::Owed;
use crate::pool::Holder;
use crate::records::Records;
use crate::report::Listed;
use crate::store::{Own, Pools, Store};
use crate::used::Used;
use crate::written::Written;

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
    /// What a chosen one has nothing in common with, beside other pools: where the host has a way to already.
    pub avoid: Vec<IpNet>,
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
    given: Given,
    owed: Owed,
    /// What was told of others that have what this host was given, at the last look.
    told: Mutex<BTreeMap<PoolKey, Vec<String>>>,
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
            own: Arc::new(Own::new(Place::Own, Arc::clone(&records), written.pools)),
            northbound: Session::new(northbound, Used::new(Arc::clone(&records), written.used)),
            given: Given::new(Arc::clone(&records), written.given),
            told: Mutex::default(),
            owed: Owed::new(records, written.debts),
            last: Mutex::default(),
        }
    }

    /// This driver, as its claims say.
    #[must_use]
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// All pools; those of the northbound database are missing where it does not answer, which is the second part.
    pub async fn pools(&self, deadline: Instant) -> (Vec<Listed>, Option<Error>) {
        let listed = |place: Place, pools: Pools| pools.into_iter().map(move |(key, pool)| Listed { place, key, pool });
        let mut all: Vec<_> = listed(Place::Own, self.own.pools().await).collect();
        match self.shared_pools(deadline).await {
            Ok(shared) => {
                all.extend(shared.into_iter().flat_map(|pools| listed(Place::Northbound, pools)));
                (all, None)
            }
            Err(error) => (all, Some(error)),
        }
    }

    /// The pools in the northbound database, if this host has one.
    async fn shared_pools(&self, deadline: Instant) -> Result<Option<Pools>, Error> {
        let Some(store) = self.northbound.store(deadline).await? else { return Ok(None) };
        let pools = store.pools(deadline).await?;
        self.northbound.answered(&store).await;
        Ok(Some(pools))
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

    fn told(&self) -> MutexGuard<'_, BTreeMap<PoolKey, Vec<String>>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn last(&self) -> MutexGuard<'_, HashMap<ClaimId, IpAddr>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
