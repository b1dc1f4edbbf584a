//! What clients see: the latest state, and the steps that led to it.

use crate::changes::Event;
use crate::error::ConnectError;
use crate::remote::Remote;
use crate::replica::{Replica, RowChange, Snapshot, diff};
use crate::schema::Schema;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::{broadcast, watch};

/// How many steps a subscriber may fall behind before it is told the difference of snapshots instead.
const STEPS_KEPT: usize = 1024;

/// Whether there is a session, and with whom.
#[derive(Clone, Debug)]
pub enum Link {
    /// There is none; the client keeps trying.
    Down {
        /// What the last attempt or session ended with; nothing before the first.
        cause: Option<Arc<ConnectError>>,
    },
    /// There is one, and the copy is complete.
    Up {
        /// The server.
        remote: Remote,
    },
}

impl Link {
    /// True if there is a session.
    pub fn is_up(&self) -> bool {
        matches!(self, Link::Up { .. })
    }
}

/// The latest state.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) link: Link,
    /// Counts the sessions.
    pub(crate) session: u64,
    pub(crate) snapshot: Snapshot,
    pub(crate) schema: Option<Arc<Schema>>,
    /// The locks that this client holds.
    pub(crate) locks: Arc<BTreeSet<Arc<str>>>,
}

/// Events that happened together, and the copy after them.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) session: u64,
    pub(crate) up: bool,
    pub(crate) snapshot: Snapshot,
    pub(crate) events: Vec<Event>,
}

/// Tells clients what happens.
#[derive(Debug)]
pub(crate) struct Publisher {
    state: watch::Sender<State>,
    steps: broadcast::Sender<Arc<Step>>,
}

impl Publisher {
    pub(crate) fn new(replica: &Replica) -> Self {
        let state = State {
            link: Link::Down { cause: None },
            session: 0,
            snapshot: Snapshot::new(0, replica.tables().clone()),
            schema: None,
            locks: Arc::default(),
        };
        Publisher { state: watch::Sender::new(state), steps: broadcast::Sender::new(STEPS_KEPT) }
    }

    pub(crate) fn state(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    pub(crate) fn steps(&self) -> broadcast::Sender<Arc<Step>> {
        self.steps.clone()
    }

    /// A session begins; `changes` are those since the last one if the server knew them, and are found out otherwise.
    pub(crate) fn connected(
        &self,
        remote: &Remote,
        schema: &Arc<Schema>,
        replica: &Replica,
        changes: Option<Vec<RowChange>>,
    ) {
        let changes = changes.unwrap_or_else(|| {
            let before = self.state.borrow().snapshot.clone();
            diff(&before, &Snapshot::new(0, replica.tables().clone()))
        });
        let rows = changes.into_iter().map(Event::Row);
        let events = std::iter::once(Event::Connected(remote.clone())).chain(rows).chain([Event::Resynced]);
        self.step(events.collect(), Some(replica), |state| {
            state.link = Link::Up { remote: remote.clone() };
            state.session += 1;
            state.schema = Some(schema.clone());
        });
    }

    /// An attempt to connect failed.
    pub(crate) fn unreachable(&self, cause: Arc<ConnectError>) {
        self.step(Vec::new(), None, |state| state.link = Link::Down { cause: Some(cause) });
    }

    /// The session ended.
    pub(crate) fn disconnected(&self, cause: Arc<ConnectError>) {
        let events = vec![Event::Disconnected(cause.clone())];
        self.step(events, None, |state| {
            state.link = Link::Down { cause: Some(cause) };
            state.locks = Arc::default();
        });
    }

    /// Rows changed.
    pub(crate) fn changed(&self, replica: &Replica, changes: Vec<RowChange>) {
        if !changes.is_empty() {
            self.step(changes.into_iter().map(Event::Row).collect(), Some(replica), |_| {});
        }
    }

    /// Locks came or went.
    pub(crate) fn locks(&self, held: &BTreeSet<Arc<str>>) {
        self.step(Vec::new(), None, |state| state.locks = Arc::new(held.clone()));
    }

    fn step(&self, events: Vec<Event>, replica: Option<&Replica>, change: impl FnOnce(&mut State)) {
        let mut step = None;
        self.state.send_modify(|state| {
            change(state);
            let tables = replica.map_or_else(|| state.snapshot.tables(), Replica::tables).clone();
            state.snapshot = Snapshot::new(state.snapshot.version() + 1, tables);
            step = Some((state.session, state.link.is_up(), state.snapshot.clone()));
        });
        if let Some((session, up, snapshot)) = step
            && !events.is_empty()
            && self.steps.receiver_count() > 0
        {
            // Fails only if the last subscriber has just gone.
            let _ = self.steps.send(Arc::new(Step { session, up, snapshot, events }));
        }
    }
}
