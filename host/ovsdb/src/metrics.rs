//! How a client fares, in numbers.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What a client has done since it was started; see [`Client::metrics`](crate::Client::metrics).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Attempts to connect.
    pub attempts: u64,
    /// Attempts that led to a session.
    pub sessions: u64,
    /// Sessions that carried on from the last one's copy; the others took a copy from scratch.
    pub resumed: u64,
    /// Row changes told by the server, the first copies not counted.
    pub row_changes: u64,
    /// Transactions sent.
    pub sent: u64,
    /// Transactions answered, by a result or a refusal.
    pub answered: u64,
    /// The time from sending to the answer, of all answered ones together.
    pub answer_time: Duration,
    /// Transactions that wait for their answer now.
    pub in_flight: u64,
    /// Transactions that wait to be sent now.
    pub queued: u64,
}

/// The numbers that the connection's task keeps.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) attempts: Counter,
    pub(crate) sessions: Counter,
    pub(crate) resumed: Counter,
    pub(crate) row_changes: Counter,
    pub(crate) sent: Counter,
    pub(crate) answered: Counter,
    pub(crate) answer_micros: Counter,
    pub(crate) in_flight: Counter,
}

/// A number that one task writes and others read; exact, but not in step with the other numbers.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn set(&self, value: usize) {
        self.0.store(value as u64, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Counters {
    pub(crate) fn read(&self, queued: usize) -> Metrics {
        Metrics {
            attempts: self.attempts.get(),
            sessions: self.sessions.get(),
            resumed: self.resumed.get(),
            row_changes: self.row_changes.get(),
            sent: self.sent.get(),
            answered: self.answered.get(),
            answer_time: Duration::from_micros(self.answer_micros.get()),
            in_flight: self.in_flight.get(),
            queued: queued as u64,
        }
    }
}
