//! When to give up.

use std::time::Duration;
use tokio::time::Instant;

/// A point in time after which a call gives up. Every call takes one; a `Duration` counts from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

impl Deadline {
    /// The point in time.
    pub fn instant(self) -> Instant {
        self.0
    }
}

impl From<Duration> for Deadline {
    fn from(duration: Duration) -> Self {
        Deadline(Instant::now() + duration)
    }
}

impl From<Instant> for Deadline {
    fn from(instant: Instant) -> Self {
        Deadline(instant)
    }
}

impl From<std::time::Instant> for Deadline {
    fn from(instant: std::time::Instant) -> Self {
        Deadline(instant.into())
    }
}
