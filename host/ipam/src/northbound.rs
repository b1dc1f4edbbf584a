//! Which northbound database keeps the pools of hosts that share one, now: an operator may move it.

use std::sync::Arc;

use ovsdb::Found;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::Error;
use crate::key::PoolKey;
use crate::pool::Pool;
use crate::store::Northbound;

/// A session with the northbound database, wherever it is.
#[derive(Debug)]
pub(crate) struct Session {
    at: Option<ovsdb::Northbound>,
    now: Mutex<Option<(Found, Northbound)>>,
}

impl Session {
    /// None: there never is one.
    pub(crate) fn new(at: Option<ovsdb::Northbound>) -> Self {
        Self { at, now: Mutex::default() }
    }

    /// The pools in the database; none: this host has no such database.
    pub(crate) async fn store(&self, deadline: Instant) -> Result<Option<Northbound>, Error> {
        let Some(at) = &self.at else { return Ok(None) };
        let Some(found) = at.find(deadline).await? else { return Ok(None) };
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

    /// A pool as the database held it when it last answered; none: it has not answered yet.
    pub(crate) async fn last_known(&self, key: &PoolKey) -> Option<Arc<Pool>> {
        let now = self.now.lock().await;
        now.as_ref().map(|(_, store)| Arc::new(store.last_known(key)))
    }
}
