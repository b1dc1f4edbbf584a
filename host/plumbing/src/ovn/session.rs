//! The connection to the northbound database: the copy, transactions, and what they ran into in our words.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ovsdb::{Client, Found, Link, NORTHBOUND, Operation, Options, Transaction};
use plan::InstanceId;
use tokio::time::Instant;

use super::table;
use super::view::View;
use crate::Error;
use crate::ovs::Leaving;

/// How long the longest pause between attempts to connect is: a cluster has a new leader after two seconds.
const MAX_BACKOFF: Duration = Duration::from_secs(1);
/// How long after a connection was lost something is waited for that is tried again anyway.
const PATIENCE: Duration = Duration::from_secs(2);

/// A session with one northbound database, kept up in the background. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Session {
    client: Client,
    found: Arc<Found>,
    leaving: Leaving,
    since: Since,
}

/// When the last connection was lost, or the first one begun.
#[derive(Clone, Debug)]
pub(crate) struct Since(Arc<Mutex<Instant>>);

impl Since {
    /// It is lost now.
    pub(crate) fn begin(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn when(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What became of a transaction.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It was done.
    Done,
    /// Nothing was done: rows that it builds on changed meanwhile, somebody else made one first, or the server could not
    /// just now. What was said.
    Outdated(String),
    /// It may have been done: the connection was lost.
    Unknown,
}

impl Session {
    /// Starts connecting. That nobody answers is no error.
    pub(crate) fn start(instance: &InstanceId, found: Found) -> Result<Self, Error> {
        let mut options = Options::new(found.remotes.iter().cloned());
        options.tls.clone_from(&found.tls);
        options.max_backoff = MAX_BACKOFF;
        let client = Client::start(options, table::monitor(instance));
        let client = client.map_err(|error| Error::NorthboundOptions(Box::new(error)))?;
        let since = Since(Arc::new(Mutex::new(Instant::now())));
        Ok(Self { client, found: found.into(), leaving: Leaving::default(), since })
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The rows and claims that we are removing.
    pub(crate) fn leaving(&self) -> &Leaving {
        &self.leaving
    }

    /// Since when there is no connection, while there is none.
    pub(crate) fn since(&self) -> &Since {
        &self.since
    }

    /// How long to wait for what is tried again later, whatever comes of it now: a moment for a database that went a
    /// moment ago, not at all for one that has been away for longer, however many there are to ask it.
    pub(crate) fn patience(&self, deadline: Instant) -> Instant {
        match self.is_current() {
            true => deadline,
            false => deadline.min(self.since.when() + PATIENCE),
        }
    }

    /// Where it is.
    pub(crate) fn found(&self) -> &Found {
        &self.found
    }

    /// The copy as it is, or as it was when the connection was lost.
    pub(crate) fn now(&self) -> View {
        View(self.client.snapshot())
    }

    /// Whether the copy is current.
    pub(crate) fn is_current(&self) -> bool {
        self.client.connected()
    }

    /// The copy as it is, once there is a connection.
    pub(crate) async fn view(&self, deadline: Instant) -> Result<View, Error> {
        self.watch(|view| Some(view.clone()), deadline).await
    }

    /// Looks at the copy now and after each change, until there is something to say.
    pub(crate) async fn watch<T>(
        &self,
        mut look: impl FnMut(&View) -> Option<T>,
        deadline: Instant,
    ) -> Result<T, Error> {
        self.client.wait_until(|copy| look(&View(copy.clone())), deadline).await.map_err(|_| self.away())
    }

    /// That the database does not answer, and why as far as is known.
    pub(crate) fn away(&self) -> Error {
        let cause = match self.client.link() {
            Link::Down { cause } => cause.map(|cause| cause.to_string()),
            Link::Up { .. } => Some("no answer in time".to_owned()),
        };
        let remotes: Vec<String> = self.found.remotes.iter().map(ToString::to_string).collect();
        Error::NorthboundAway { remote: remotes.join(","), cause }
    }

    /// Waits until the copy shows what others were told is done.
    pub(crate) async fn catch_up(&self, deadline: Instant) -> Result<(), Error> {
        let nothing = vec![Operation::Comment("docker-ovs: look".to_owned())];
        self.transact("look", nothing, deadline).await.map(|_| ())
    }

    /// Does a transaction.
    pub(crate) async fn transact(
        &self,
        what: &str,
        operations: Vec<Operation>,
        deadline: Instant,
    ) -> Result<Outcome, Error> {
        let transaction = operations.into_iter().fold(Transaction::new(NORTHBOUND), Transaction::push);
        match self.client.transact(transaction, deadline).await {
            Ok(_) => Ok(Outcome::Done),
            Err(error) if nothing_was_done(&error) => Ok(Outcome::Outdated(error.to_string())),
            Err(error) if (error.is_unknown() || error.can_retry()) && Instant::now() < deadline => {
                Ok(Outcome::Unknown)
            }
            Err(error) if error.is_timeout() || error.is_unknown() => Err(self.away()),
            Err(error) => Err(Error::NorthboundRefused { what: what.to_owned(), said: error.to_string() }),
        }
    }
}

/// Whether a change was refused that may be accepted when it is made again.
fn nothing_was_done(error: &ovsdb::Error) -> bool {
    let Some(rejection) = error.rejection() else { return false };
    // A dangling reference: what was to hold a row is gone.
    let dangling = rejection.error == "referential integrity violation";
    rejection.is_duplicate() || rejection.can_retry() || dangling
}
