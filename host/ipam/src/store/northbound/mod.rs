//! Pools in OVN's northbound database: a row of `Address_Set` each, which every host on the database sees.
//!
//! Nothing is locked. What is taken is taken by a compare-and-set: the row is changed if it still holds what the change
//! builds on, and the count of changed rows says whether it did. Docker's own requests are the only ones that wait; the
//! database's copy, which is up to date with whatever was done here, says what the next attempt builds on.

mod attempt;
mod row;

use std::sync::Arc;
use std::time::Duration;

use ovsdb::{Changes, Client, Condition, Found, MonitorSpec, NORTHBOUND, Options, Row, TableSpec, Transaction};
use tokio::time::{Instant, sleep};

use self::attempt::Attempt;
use super::Pools;
use crate::change::{Change, Outcome};
use crate::error::Error;
use crate::key::PoolKey;
use crate::pool::Pool;

/// How often a change is tried, while others change the same pool.
const ATTEMPTS: u32 = 50;
/// The longest pause between attempts to connect: somebody waits for an address.
const MAX_BACKOFF: Duration = Duration::from_secs(1);
/// The longest pause before the next attempt at a change, for each attempt so far.
const PAUSE: Duration = Duration::from_millis(2);

/// A session with the northbound database, kept up in the background. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Northbound {
    client: Client,
    remotes: Arc<str>,
}

impl Northbound {
    /// Starts connecting. That nobody answers is no error.
    pub(crate) fn start(found: &Found) -> Result<Self, Error> {
        let mut options = Options::new(found.remotes.iter().cloned());
        options.tls.clone_from(&found.tls);
        options.max_backoff = MAX_BACKOFF;
        let remotes: Vec<String> = found.remotes.iter().map(ToString::to_string).collect();
        let remotes: Arc<str> = remotes.join(",").into();
        let started = Client::start(options, monitor());
        let client = started.map_err(|source| Error::Northbound { remotes: remotes.to_string(), source })?;
        Ok(Self { client, remotes })
    }

    /// Where it is, for people.
    pub(crate) fn remotes(&self) -> &str {
        &self.remotes
    }

    /// Waits for a connection.
    pub(crate) async fn connected(&self, deadline: Instant) -> Result<(), Error> {
        self.client.wait_connected(deadline).await.map_err(|source| self.failed(source))
    }

    pub(crate) async fn pools(&self, deadline: Instant) -> Result<Pools, Error> {
        self.catch_up(deadline).await?;
        let copy = self.client.snapshot();
        Ok(copy.rows(row::TABLE).filter_map(|row| row::read(row)).map(|(key, pool)| (key, Arc::new(pool))).collect())
    }

    pub(crate) async fn pool(&self, key: &PoolKey, deadline: Instant) -> Result<Arc<Pool>, Error> {
        self.connected(deadline).await?;
        Ok(Arc::new(self.last_known(key)))
    }

    /// One pool as it was when the database last answered.
    pub(crate) fn last_known(&self, key: &PoolKey) -> Pool {
        self.copied(key).map(|row| row::uses(&row)).unwrap_or_default()
    }

    /// What happens from now on.
    pub(crate) fn changes(&self) -> Changes {
        self.client.changes()
    }

    /// Makes a change, however often others come before it.
    pub(crate) async fn change(&self, key: &PoolKey, change: &Change, deadline: Instant) -> Result<Outcome, Error> {
        for tried in 0..ATTEMPTS {
            // The second look is at what was done; after that others were first, and are not to stay in step.
            if tried > 1 {
                sleep(PAUSE.mul_f64(f64::from(tried) * rand::random::<f64>())).await;
            }
            self.connected(deadline).await?;
            let now = self.copied(key);
            let operation = match attempt::next(key, now.as_deref(), change) {
                Attempt::Over(outcome) => return Ok(outcome),
                Attempt::Do(operation) => operation,
            };
            let transaction = Transaction::new(NORTHBOUND).push(operation).commit_durable().comment("docker-ovs: ipam");
            match self.client.transact(transaction, deadline).await {
                // Done or overtaken: the copy shows which.
                Ok(_) => {}
                Err(error) if error.is_duplicate() => {}
                Err(error) if error.is_unknown() && Instant::now() < deadline => {}
                Err(error) if error.can_retry() && !error.is_not_connected() && Instant::now() < deadline => {}
                Err(error) => return Err(self.failed(error)),
            }
        }
        Err(Error::Contended { key: key.clone() })
    }

    /// Waits until the copy shows what others were told is done: the server tells of changes before it answers.
    pub(crate) async fn catch_up(&self, deadline: Instant) -> Result<(), Error> {
        let nothing = Transaction::new(NORTHBOUND).comment("docker-ovs: look");
        self.client.transact(nothing, deadline).await.map(drop).map_err(|source| self.failed(source))
    }

    fn copied(&self, key: &PoolKey) -> Option<Arc<Row>> {
        self.client.snapshot().row(row::TABLE, key.row()).cloned()
    }

    fn failed(&self, source: ovsdb::Error) -> Error {
        Error::Northbound { remotes: self.remotes.to_string(), source }
    }
}

fn monitor() -> MonitorSpec {
    let ours = Condition::includes(row::IDS, ovsdb::Value::map([row::MARK]));
    let table = TableSpec::new(row::TABLE).columns(["name", row::ADDRESSES, row::IDS]).or_when(ours);
    MonitorSpec::database(NORTHBOUND).table(table)
}
