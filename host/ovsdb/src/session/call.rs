//! What clients hand to the task.

use crate::error::ConnectError;
use serde_json::Value as Json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::oneshot;

/// A transaction to be sent.
pub(crate) struct Call {
    /// The parameters of `transact`, as JSON.
    pub(crate) params: Arc<str>,
    pub(crate) ticket: Arc<Ticket>,
    pub(crate) answer: oneshot::Sender<Answer>,
}

/// How a call ended.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The server's `result` or `error`.
    Response(Result<Json, Json>),
    /// The connection ended before the first byte was written.
    NotSent,
    /// The connection ended after that.
    Lost(Arc<ConnectError>),
}

/// Other things that clients want.
#[derive(Debug)]
pub(crate) enum Control {
    /// Nobody waits for this request any more.
    Cancel(u64),
    /// A handle to this lock was made.
    Lock { name: Arc<str>, steal: bool },
    /// A handle to this lock is gone.
    Unlock { name: Arc<str> },
}

/// Settles between the caller, whose deadline passes, and the task, which is about to send, who comes first: a caller that
/// is told *not sent* can rely on it.
#[derive(Debug, Default)]
pub(crate) struct Ticket(AtomicU64);

const WAITING: u64 = 0;
const ABANDONED: u64 = u64::MAX;

impl Ticket {
    /// The task is about to send the call under this id, unless this says false.
    pub(crate) fn claim(&self, id: u64) -> bool {
        self.0.compare_exchange(WAITING, id, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// The caller gives up. The id under which the call was sent, if it was.
    pub(crate) fn abandon(&self) -> Option<u64> {
        match self.0.swap(ABANDONED, Ordering::AcqRel) {
            WAITING | ABANDONED => None,
            id => Some(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abandoned_call_is_not_sent_and_a_sent_one_is_known() {
        let ticket = Ticket::default();
        assert_eq!(ticket.abandon(), None);
        assert!(!ticket.claim(7));
        let ticket = Ticket::default();
        assert!(ticket.claim(7));
        assert_eq!(ticket.abandon(), Some(7));
        assert_eq!(ticket.abandon(), None, "told once");
    }
}
