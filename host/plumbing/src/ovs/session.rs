//! The connection to Open vSwitch's database: the copy, transactions, and what they ran into in our words.

use std::sync::Arc;
use std::time::Duration;

use ovsdb::{Client, Link, OpResult, Options, Remote, TlsFiles, Transaction};
use plan::InstanceId;
use tokio::time::{Instant, sleep};

use super::leaving::Leaving;
use super::view::{self, View};
use crate::Error;

/// How long the longest pause between attempts to connect is. Open vSwitch is on the same host, and a container waits.
const MAX_BACKOFF: Duration = Duration::from_secs(1);
/// How often a change is made again because rows that it builds on changed meanwhile.
const ATTEMPTS: u32 = 10;

/// A session with Open vSwitch's database, kept up in the background. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Session {
    client: Client,
    remotes: Arc<str>,
    instance: InstanceId,
    leaving: Leaving,
}

/// What became of a transaction.
pub(crate) enum Outcome {
    /// It was done.
    Done(Vec<OpResult>),
    /// Rows that it builds on changed meanwhile: nothing was done.
    Outdated,
    /// It may have been done: the connection was lost.
    Unknown,
}

impl Session {
    /// Starts connecting. That nobody answers is no error.
    pub(crate) fn start(instance: InstanceId, remotes: &[Remote], tls: Option<TlsFiles>) -> Result<Self, Error> {
        let mut options = Options::new(remotes.iter().cloned());
        options.tls = tls;
        options.max_backoff = MAX_BACKOFF;
        let client = Client::start(options, view::monitor()).map_err(|error| Error::Options(Box::new(error)))?;
        let remotes: Vec<String> = remotes.iter().map(ToString::to_string).collect();
        Ok(Self { client, remotes: remotes.join(",").into(), instance, leaving: Leaving::default() })
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn instance(&self) -> &InstanceId {
        &self.instance
    }

    /// The bridges and ports that we are removing.
    pub(crate) fn leaving(&self) -> &Leaving {
        &self.leaving
    }

    pub(crate) fn remotes(&self) -> &str {
        &self.remotes
    }

    /// The copy as it is, or as it was when the connection was lost.
    pub(crate) fn now(&self) -> View {
        View(self.client.snapshot())
    }

    /// Whether the copy is current.
    pub(crate) fn is_current(&self) -> bool {
        self.client.connected()
    }

    /// The copy as it is, once there is a connection to a database that has been set up.
    pub(crate) async fn view(&self, deadline: Instant) -> Result<View, Error> {
        self.watch(|view| view.root().map(|_| view.clone()), deadline).await
    }

    /// Looks at the copy now and after each change, until there is something to say.
    pub(crate) async fn watch<T>(
        &self,
        mut look: impl FnMut(&View) -> Option<T>,
        deadline: Instant,
    ) -> Result<T, Error> {
        self.client.wait_until(|copy| look(&View(copy.clone())), deadline).await.map_err(|_| self.away())
    }

    /// Waits until the database answers, and ovs-vswitchd has taken over what it was asked for so far.
    pub(crate) async fn ready(&self, deadline: Instant) -> Result<(), Error> {
        self.view(deadline).await?;
        self.catch_up(deadline).await?;
        let asked = self.now().root().map_or(0, |root| root.next_cfg());
        match self.reached(asked, deadline).await {
            true => Ok(()),
            false if self.is_current() => Err(Error::NotTakenOver { what: "what it was asked for".to_owned() }),
            false => Err(self.away()),
        }
    }

    /// Waits until there is no connection, and says why.
    pub(crate) async fn lost(&self) -> Error {
        self.client.wait_disconnected().await;
        self.away()
    }

    /// Waits until ovs-vswitchd has taken a configuration over; false: not in time.
    pub(crate) async fn reached(&self, next_cfg: i64, deadline: Instant) -> bool {
        let reached = |view: &View| view.root().filter(|root| root.cur_cfg() >= next_cfg).map(|_| ());
        self.watch(reached, deadline).await.is_ok()
    }

    /// That Open vSwitch does not answer, and why as far as is known.
    pub(crate) fn away(&self) -> Error {
        let cause = match self.client.link() {
            Link::Down { cause } => cause.map(|cause| cause.to_string()),
            Link::Up { .. } => Some("no answer in time".to_owned()),
        };
        Error::OvsAway { remote: self.remotes.to_string(), cause }
    }

    /// Waits until the copy shows what others were told is done: the server tells of changes before it answers.
    pub(crate) async fn catch_up(&self, deadline: Instant) -> Result<(), Error> {
        let nothing = Transaction::new(view::DATABASE).comment("docker-ovs: look");
        self.transact("look", nothing, deadline).await.map(|_| ())
    }

    /// Does a transaction.
    pub(crate) async fn transact(
        &self,
        what: &str,
        transaction: Transaction,
        deadline: Instant,
    ) -> Result<Outcome, Error> {
        match self.client.transact(transaction, deadline).await {
            Ok(results) => Ok(Outcome::Done(results)),
            Err(error) if error.is_guard_failed() || error.is_duplicate() => Ok(Outcome::Outdated),
            Err(error) if error.is_unknown() && Instant::now() < deadline => Ok(Outcome::Unknown),
            Err(error) if error.is_timeout() || error.is_unknown() => Err(self.away()),
            Err(error) => Err(Error::Refused { what: what.to_owned(), said: error.to_string() }),
        }
    }

    /// Attempts at a change, each with the copy as it is then.
    pub(crate) fn attempts(&self, deadline: Instant) -> Attempts<'_> {
        Attempts { session: self, deadline, tried: 0 }
    }
}

/// A change that is made again while what it builds on changes, or the connection is lost.
pub(crate) struct Attempts<'a> {
    session: &'a Session,
    deadline: Instant,
    tried: u32,
}

impl Attempts<'_> {
    /// The copy for the next attempt; an error after too many. It is newer than the one before, and others that want the
    /// same get a chance.
    pub(crate) async fn view(&mut self) -> Result<View, Error> {
        if self.tried == ATTEMPTS {
            return Err(Error::Contended);
        }
        // Not even for no time: a timer goes off at the next full millisecond.
        if self.tried > 0 {
            sleep(Duration::from_millis(5) * self.tried).await;
        }
        self.tried += 1;
        self.session.view(self.deadline).await
    }
}
