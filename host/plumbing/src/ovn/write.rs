//! Making rows and taking them away, again and again while what they build on changes.

use tokio::time::Instant;

use super::change::{Change, Who};
use super::removal::Removal;
use super::row::RowSpec;
use super::session::{Outcome, Session};
use super::stations;
use super::view::Id;
use crate::{Error, Mark};

impl Session {
    /// What has to be done to make rows; an error is about what is so now, not what was so a moment ago.
    pub(super) async fn judge(&self, rows: &[RowSpec], who: &Who, deadline: Instant) -> Result<Change, Error> {
        match Change::toward(rows, who, &self.view(deadline).await?) {
            Ok(change) => Ok(change),
            Err(_) => {
                self.catch_up(deadline).await?;
                Change::toward(rows, who, &self.view(deadline).await?)
            }
        }
    }

    /// Makes rows, in one transaction. `made` says what was inserted or claimed, also after an error.
    pub(super) async fn make(
        &self,
        rows: &[RowSpec],
        who: &Who,
        made: &mut Vec<Id>,
        deadline: Instant,
    ) -> Result<(), Error> {
        let what = rows.iter().map(|row| row.what.as_str()).collect::<Vec<_>>().join(", ");
        let what = format!("make {what}");
        let mut attempts = self.attempts(&what, deadline);
        loop {
            let change = match Change::toward(rows, who, &attempts.view().await?) {
                Ok(change) => change,
                Err(_) => self.judge(rows, who, deadline).await?,
            };
            if change.operations.is_empty() {
                return Ok(());
            }
            // What is not answered, or refused by a server that lost its office, may still be done: the next look tells.
            made.extend(change.made);
            if matches!(attempts.transact(change.operations).await?, Outcome::Done) {
                return Ok(());
            }
            // The copy has no ports of others, so that another attempt would not tell.
            if let Some(conflict) = stations::conflict(self, rows, who, deadline).await {
                return Err(conflict);
            }
        }
    }

    /// Takes rows away as far as they are a plan's own, and its network's claims to the others; the last claim takes the
    /// row with it. What others have something on stays, with an error.
    pub(super) async fn remove(&self, rows: &[Id], mark: &Mark, deadline: Instant) -> Result<(), Error> {
        let what = format!("remove what {mark} has");
        let (mut attempts, mut caught_up) = (self.attempts(&what, deadline), false);
        loop {
            let removal = Removal::of(rows, mark, &attempts.view().await?);
            if !removal.in_use.is_empty() && !caught_up {
                // Somebody may have taken theirs away a moment ago.
                self.catch_up(deadline).await?;
                caught_up = true;
                continue;
            }
            self.leaving().extend(removal.leaving.iter().map(String::as_str));
            if removal.operations.is_empty() || matches!(attempts.transact(removal.operations).await?, Outcome::Done) {
                return Error::all(removal.in_use);
            }
        }
    }
}
