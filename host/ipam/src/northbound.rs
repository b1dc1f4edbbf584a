//! Which northbound database keeps the pools of hosts that share one, now: an operator may move it.

use std::sync::Arc;

use ovsdb::Found;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::Error;
use crate::key::PoolKey;
use crate::pool::Pool;
use crate::store::Northbound;
use crate::used::Used;

/// A session with the northbound database, wherever it is.
#[derive(Debug)]
pub(crate) struct Session {
    at: Option<ovsdb::Northbound>,
    used: Used,
    now: Mutex<Option<(Found, Northbound)>>,
}

impl Session {
    /// None: there never is one.
    pub(crate) fn new(at: Option<ovsdb::Northbound>, used: Used) -> Self {
        Self { at, used, now: Mutex::default() }
    }

    /// The pools in the database; none: this host has no such database, and never had, or an operator says that it has
    /// none.
    pub(crate) async fn store(&self, deadline: Instant) -> Result<Option<Northbound>, Error> {
        let Some(at) = self.at.as_ref().filter(|at| !at.is_nowhere()) else { return Ok(None) };
        let Some(found) = at.find(deadline).await? else {
            return self.used.remotes().map_or(Ok(None), |was| Err(Error::Missing { was }));
        };
        let mut now = self.now.lock().await;
        if let Some((known, store)) = &*now
            && *known == found
        {
            return Ok(Some(store.clone()));
        }
        let store = Northbound::start(&found)?;
        *now = Some((found, store.clone()));
        Ok(Some(store))
    }

    /// Notes that the database answered: it is the store from now on.
    pub(crate) async fn answered(&self, store: &Northbound) {
        self.used.note(store.remotes()).await;
    }

    /// A pool as the database held it when it last answered; none: it has not answered yet.
    pub(crate) async fn last_known(&self, key: &PoolKey) -> Option<Arc<Pool>> {
        let now = self.now.lock().await;
        now.as_ref().map(|(_, store)| Arc::new(store.last_known(key)))
    }
}
