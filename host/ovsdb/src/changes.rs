//! Following what happens, without ever missing anything.

use crate::error::ConnectError;
use crate::remote::Remote;
use crate::replica::{RowChange, Snapshot, diff};
use crate::session::{Link, State, Step};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A session began. The row changes up to [`Resynced`](Event::Resynced) happened since the last one.
    Connected(Remote),
    /// The copy equals the database again, and all changes that led there have been told.
    Resynced,
    /// The session ended. The copy stays as it was.
    Disconnected(Arc<ConnectError>),
    /// A row changed.
    Row(RowChange),
}

/// The changes after a moment, one after the other; see [`Client::changes`](crate::Client::changes).
///
/// A subscriber that cannot keep up does not lose changes: steps it was too slow for are summed up in one, found by
/// comparing the copies.
#[derive(Debug)]
pub struct Changes {
    state: watch::Receiver<State>,
    steps: broadcast::Receiver<Arc<Step>>,
    told: Told,
    events: VecDeque<Event>,
}

/// What the subscriber knows once it has taken the queued events.
#[derive(Debug)]
struct Told {
    session: u64,
    up: bool,
    snapshot: Snapshot,
}

impl Changes {
    pub(crate) fn new(state: watch::Receiver<State>, steps: broadcast::Receiver<Arc<Step>>) -> Self {
        // Steps that are in the state already and come again by the channel are recognised by their version.
        let told = Told::of(&state.borrow());
        Changes { state, steps, told, events: VecDeque::new() }
    }

    /// The copy that the events up to now lead to. Before the first event: the copy from which the changes start.
    pub fn snapshot(&self) -> &Snapshot {
        &self.told.snapshot
    }

    /// The next event; nothing when the last client has gone. Nothing is lost if the future is dropped.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            match self.steps.recv().await {
                Ok(step) => self.take(&step),
                Err(RecvError::Lagged(_)) => self.sum_up(),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn take(&mut self, step: &Step) {
        if step.snapshot.version() > self.told.snapshot.version() {
            self.told = Told { session: step.session, up: step.up, snapshot: step.snapshot.clone() };
            self.events.extend(step.events.iter().cloned());
        }
    }

    fn sum_up(&mut self) {
        let state = self.state.borrow().clone();
        let now = Told::of(&state);
        let other_session = now.session != self.told.session;
        if self.told.up && (other_session || !now.up) {
            self.events.push_back(Event::Disconnected(cause(&state.link)));
        }
        let begun = match &state.link {
            Link::Up { remote } if other_session => Some(remote.clone()),
            _ => None,
        };
        self.events.extend(begun.clone().map(Event::Connected));
        self.events.extend(diff(&self.told.snapshot, &now.snapshot).into_iter().map(Event::Row));
        self.events.extend(begun.map(|_| Event::Resynced));
        self.told = now;
    }
}

impl Told {
    fn of(state: &State) -> Self {
        Told { session: state.session, up: state.link.is_up(), snapshot: state.snapshot.clone() }
    }
}

/// Why the last session ended, as far as it is still known.
fn cause(link: &Link) -> Arc<ConnectError> {
    match link {
        Link::Down { cause: Some(cause) } => cause.clone(),
        Link::Down { cause: None } => Arc::new(ConnectError::Closed { remote: "the server".to_owned() }),
        Link::Up { remote } => Arc::new(ConnectError::Closed { remote: remote.to_string() }),
    }
}
