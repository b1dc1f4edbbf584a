//! A change of the northbound database, tried until it is done.

use std::time::Duration;

use ovsdb::Operation;
use tokio::time::{Instant, sleep};

use super::session::{Outcome, Session};
use super::view::View;
use crate::Error;

/// How often a change is made again because rows that it builds on changed meanwhile. Fifty hosts that take the last
/// claims of one row away at once get in each other's way about as often.
const ATTEMPTS: u32 = 100;
/// The longest pause before a change is made again.
const PAUSE: Duration = Duration::from_millis(100);

impl Session {
    /// Attempts at a change, each with the copy as it is then.
    pub(super) fn attempts<'a>(&'a self, what: &'a str, deadline: Instant) -> Attempts<'a> {
        Attempts { session: self, what, deadline, tried: 0, said: String::new() }
    }
}

/// A change that is made again while what it builds on changes, or the connection is lost.
pub(crate) struct Attempts<'a> {
    session: &'a Session,
    what: &'a str,
    deadline: Instant,
    tried: u32,
    said: String,
}

impl Attempts<'_> {
    /// The copy for the next attempt; an error after too many. It is newer than the one before, and others that want the
    /// same get a chance.
    pub(crate) async fn view(&mut self) -> Result<View, Error> {
        let late = self.tried > 0 && Instant::now() >= self.deadline;
        if self.tried == ATTEMPTS || (late && !self.said.is_empty()) {
            return Err(Error::NorthboundRefused { what: self.what.to_owned(), said: std::mem::take(&mut self.said) });
        }
        if self.tried > 0 {
            // Not all hosts after the same pause.
            let longest = PAUSE.min(Duration::from_millis(5) * self.tried);
            sleep(longest.mul_f64(rand::random_range(0.2..1.0))).await;
        }
        self.tried += 1;
        self.session.view(self.deadline).await
    }

    /// Does a transaction of the change, and remembers what was said against it.
    pub(crate) async fn transact(&mut self, operations: Vec<Operation>) -> Result<Outcome, Error> {
        let outcome = self.session.transact(self.what, operations, self.deadline).await?;
        if let Outcome::Outdated(said) = &outcome {
            self.said.clone_from(said);
        }
        Ok(outcome)
    }
}
