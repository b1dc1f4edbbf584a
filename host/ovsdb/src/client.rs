//! The handle that everything is done with.

use crate::changes::Changes;
use crate::deadline::Deadline;
use crate::error::{Error, UnknownReason};
use crate::lock::Lock;
use crate::metrics::{Counters, Metrics};
use crate::monitor::MonitorSpec;
use crate::options::Options;
use crate::replica::Snapshot;
use crate::schema::Schema;
use crate::session::{Actor, Answer, Call, Control, Link, State, Step, Ticket};
use crate::transaction::{OpResult, Rejection, Transaction, read_reply};
use serde_json::Value as Json;
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::time::timeout_at;

/// Calls that wait to be sent; more wait before the queue.
const QUEUE: usize = 1024;

/// A client of one database. Clones share one connection, which ends with the last of them.
#[derive(Clone, Debug)]
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

    /// Does a transaction, waiting for a connection if there is none. The results stand in the order of the operations.
    ///
    /// The copy shows the transaction's changes by the time this returns. Dropping the future gives the transaction up like
    /// a passed deadline.
    ///
    /// # Errors
    /// See [`Error`]: what was refused, what was not sent, and what was sent with unknown outcome are told apart.
    pub async fn transact(
        &self,
        transaction: Transaction,
        deadline: impl Into<Deadline>,
    ) -> Result<Vec<OpResult>, Error> {
        transaction.check().map_err(|(index, problem)| Error::Malformed {
            index,
            operation: transaction.operations()[index].name(),
            problem,
        })?;
        let params: Arc<str> = transaction.to_json().to_string().into();
        let deadline = deadline.into();
        loop {
            match self.call(params.clone(), deadline).await? {
                Answer::Response(Ok(result)) => return self.read(&transaction, &result),
                Answer::Response(Err(error)) => return Err(Rejection::of_request(&transaction, &error).into()),
                Answer::Lost(cause) => return Err(self.unknown(UnknownReason::Disconnected(cause))),
                // The server has not seen it: it waits for the next session like a new call.
                Answer::NotSent => {}
            }
        }
    }

    fn read(&self, transaction: &Transaction, result: &Json) -> Result<Vec<OpResult>, Error> {
        match read_reply(transaction, result) {
            Ok(outcome) => Ok(outcome?),
            Err(misfit) => Err(self.unknown(UnknownReason::Misfit(misfit.to_string()))),
        }
    }

    fn unknown(&self, reason: UnknownReason) -> Error {
        Error::Unknown { database: self.database.to_string(), reason }
    }

    /// Hands a call to the task and waits for its end.
    async fn call(&self, params: Arc<str>, deadline: Deadline) -> Result<Answer, Error> {
        let (sender, answer) = oneshot::channel();
        let waiting = WaitingCall { ticket: Arc::default(), controls: &self.controls };
        let call = Call { params, ticket: waiting.ticket.clone(), answer: sender };
        let exchange = async {
            self.calls.send(call).await.ok()?;
            answer.await.ok()
        };
        match timeout_at(deadline.instant(), exchange).await {
            Ok(Some(answer)) => {
                waiting.answered();
                Ok(answer)
            }
            // The task has died.
            Ok(None) => Err(self.not_connected(&self.link())),
            Err(_) if waiting.give_up() => Err(self.unknown(UnknownReason::NoReply)),
            Err(_) => match self.link() {
                Link::Up { .. } => Err(Error::NotSent { database: self.database.to_string() }),
                link @ Link::Down { .. } => Err(self.not_connected(&link)),
            },
        }
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

    /// Wishes to hold a lock: letters, digits and `_`.
    pub fn lock(&self, name: &str) -> Lock {
        self.want_lock(name, false)
    }

    /// Wishes to hold a lock and takes it from whoever has it, once.
    pub fn steal_lock(&self, name: &str) -> Lock {
        self.want_lock(name, true)
    }

    fn want_lock(&self, name: &str, steal: bool) -> Lock {
        let name: Arc<str> = name.into();
        // Fails only if the task has died; the lock is then never held.
        let _ = self.controls.send(Control::Lock { name: name.clone(), steal });
        Lock { client: self.clone(), name }
    }

    pub(crate) fn release_lock(&self, name: Arc<str>) {
        // Fails only if the task has died, and the lock with its connection.
        let _ = self.controls.send(Control::Unlock { name });
    }

    pub(crate) fn holds_lock(&self, name: &str) -> bool {
        self.state.borrow().locks.contains(name)
    }

    pub(crate) async fn wait_lock(&self, name: &str, deadline: Deadline) -> Result<(), Error> {
        self.wait_state(deadline, |state| state.locks.contains(name).then_some(())).await
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

/// A call whose caller may go away: the server is then told that nobody waits.
struct WaitingCall<'a> {
    ticket: Arc<Ticket>,
    controls: &'a mpsc::UnboundedSender<Control>,
}

impl WaitingCall<'_> {
    /// There is nothing to cancel any more.
    fn answered(&self) {
        self.ticket.abandon();
    }

    /// True if the call was sent.
    fn give_up(&self) -> bool {
        let sent = self.ticket.abandon();
        if let Some(id) = sent {
            // Fails only if the task has died.
            let _ = self.controls.send(Control::Cancel(id));
        }
        sent.is_some()
    }
}

impl Drop for WaitingCall<'_> {
    fn drop(&mut self) {
        self.give_up();
    }
}
