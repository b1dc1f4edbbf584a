//! The handle that everything is done with.

mod lock;
mod transact;

use crate::changes::Changes;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::metrics::{Counters, Metrics};
use crate::monitor::MonitorSpec;
use crate::options::Options;
use crate::replica::Snapshot;
use crate::schema::Schema;
use crate::session::{Actor, Call, Control, Link, State, Step};
use crate::transaction::Transaction;
pub use lock::Lock;
use std::fmt;
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::timeout_at;

/// Calls that wait to be sent; more wait before the queue.
const QUEUE: usize = 1024;

/// A client of one database. Clones share one connection, which ends with the last of them.
#[derive(Clone)]
pub struct Client {
    database: Arc<str>,
    calls: mpsc::Sender<Call>,
    controls: mpsc::UnboundedSender<Control>,
    state: watch::Receiver<State>,
    steps: broadcast::WeakSender<Arc<Step>>,
    counters: Arc<Counters>,
}

impl Client {
    /// Starts a client; it connects in the background, and again whenever the connection is lost. Must be called within a
    /// tokio runtime.
    ///
    /// # Errors
    /// If the options contradict themselves. A server that is not there is no error.
    pub fn start(options: impl Into<Options>, spec: MonitorSpec) -> Result<Self, Error> {
        let options = options.into();
        options.check()?;
        spec.check()?;
        let (calls, calls_in) = mpsc::channel(QUEUE);
        let (controls, controls_in) = mpsc::unbounded_channel();
        let database = spec.database.clone();
        let actor = Actor::new(options, spec, calls_in, controls_in);
        let state = actor.publisher().state();
        let steps = actor.publisher().steps().downgrade();
        let counters = actor.counters().clone();
        tokio::spawn(actor.run());
        Ok(Client { database, calls, controls, state, steps, counters })
    }

    /// The database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// An empty transaction on the client's database.
    pub fn transaction(&self) -> Transaction {
        Transaction::new(&self.database)
    }

    /// Whether there is a session.
    pub fn connected(&self) -> bool {
        self.state.borrow().link.is_up()
    }

    /// Whether there is a session and with whom, or why not.
    pub fn link(&self) -> Link {
        self.state.borrow().link.clone()
    }

    /// The database's schema, as of the last session.
    pub fn schema(&self) -> Option<Arc<Schema>> {
        self.state.borrow().schema.clone()
    }

    /// How the client fares, in numbers.
    pub fn metrics(&self) -> Metrics {
        self.counters.read(self.calls.max_capacity() - self.calls.capacity())
    }

    /// Waits for a session.
    ///
    /// # Errors
    /// [`Error::NotConnected`] with the cause if the deadline passes first.
    pub async fn wait_connected(&self, deadline: impl Into<Deadline>) -> Result<(), Error> {
        self.wait_state(deadline.into(), |state| state.link.is_up().then_some(())).await
    }

    /// Waits until there is no session; at once if there is none.
    pub async fn wait_disconnected(&self) {
        let mut state = self.state.clone();
        // Without the task, which is gone then, there is none either.
        let _ = state.wait_for(|state| !state.link.is_up()).await;
    }

    /// The copy as it is now. While there is no session: as it was when the last one ended.
    pub fn snapshot(&self) -> Snapshot {
        self.state.borrow().snapshot.clone()
    }

    /// The changes from now on.
    pub fn changes(&self) -> Changes {
        // The task holds the sender; without it the changes end at once.
        let steps = self.steps.upgrade().map_or_else(|| broadcast::channel(1).1, |steps| steps.subscribe());
        Changes::new(self.state.clone(), steps)
    }

    /// Waits until the copy shows something: `look` is asked now and after each change, while there is a session.
    ///
    /// # Errors
    /// [`Error::WaitedInVain`] if the deadline passes first, [`Error::NotConnected`] if there is no session then.
    pub async fn wait_until<T>(
        &self,
        mut look: impl FnMut(&Snapshot) -> Option<T>,
        deadline: impl Into<Deadline>,
    ) -> Result<T, Error> {
        let look = |state: &State| if state.link.is_up() { look(&state.snapshot) } else { None };
        self.wait_state(deadline.into(), look).await
    }

    async fn wait_state<T>(&self, deadline: Deadline, mut look: impl FnMut(&State) -> Option<T>) -> Result<T, Error> {
        let mut receiver = self.state.clone();
        let found = async {
            loop {
                // A copy, so that no lock is held while the caller's function runs.
                let state = receiver.borrow_and_update().clone();
                if let Some(found) = look(&state) {
                    return Some(found);
                }
                receiver.changed().await.ok()?;
            }
        };
        match timeout_at(deadline.instant(), found).await {
            Ok(Some(found)) => Ok(found),
            Ok(None) | Err(_) => match self.link() {
                Link::Up { .. } => Err(Error::WaitedInVain { database: self.database.to_string() }),
                link @ Link::Down { .. } => Err(self.not_connected(&link)),
            },
        }
    }

    fn not_connected(&self, link: &Link) -> Error {
        let source = match link {
            Link::Down { cause } => cause.clone(),
            Link::Up { .. } => None,
        };
        Error::NotConnected { database: self.database.to_string(), source }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("database", &self.database).field("link", &self.link()).finish_non_exhaustive()
    }
}
