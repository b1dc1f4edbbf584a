//! Where pools are kept: in the driver's own store, for this host, or in the northbound database, for all that share it.

mod northbound;
mod own;

pub(crate) use northbound::Northbound;
pub(crate) use own::{Own, read};

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::time::Instant;

use crate::change::{Change, Outcome};
use crate::error::Error;
use crate::id::Place;
use crate::key::PoolKey;
use crate::pool::Pool;

/// All pools of a store, at one moment.
pub(crate) type Pools = BTreeMap<PoolKey, Arc<Pool>>;

/// One of the two stores.
#[derive(Clone, Debug)]
pub(crate) enum Store {
    Own(Arc<Own>),
    Northbound(Northbound),
}

impl Store {
    pub(crate) fn place(&self) -> Place {
        match self {
            Self::Own(_) => Place::Own,
            Self::Northbound(_) => Place::Northbound,
        }
    }

    /// All pools, as they are now.
    pub(crate) async fn pools(&self, deadline: Instant) -> Result<Pools, Error> {
        match self {
            Self::Own(own) => Ok(own.pools().await),
            Self::Northbound(northbound) => northbound.pools(deadline).await,
        }
    }

    /// One pool, as it is now; an empty one, where there is none.
    pub(crate) async fn pool(&self, key: &PoolKey, deadline: Instant) -> Result<Arc<Pool>, Error> {
        match self {
            Self::Own(own) => Ok(own.pool(key).await),
            Self::Northbound(northbound) => northbound.pool(key, deadline).await,
        }
    }

    /// Has what is read next show all that others were told is done.
    pub(crate) async fn catch_up(&self, deadline: Instant) -> Result<(), Error> {
        match self {
            Self::Own(_) => Ok(()),
            Self::Northbound(northbound) => northbound.catch_up(deadline).await,
        }
    }

    /// Makes a change, durably.
    pub(crate) async fn change(&self, key: &PoolKey, change: &Change, deadline: Instant) -> Result<Outcome, Error> {
        match self {
            Self::Own(own) => own.change(key, change).await,
            Self::Northbound(northbound) => northbound.change(key, change, deadline).await,
        }
    }
}
