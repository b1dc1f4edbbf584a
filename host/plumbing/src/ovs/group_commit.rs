//! Group commit: changes that come while a transaction is under way go together in the next one.
//!
//! Each transaction makes ovs-vswitchd go over all ports, however little is in it: a hundred containers that start at once
//! should not make it do so a hundred times. A change that fails takes those in its transaction with it; each is then
//! tried by itself, so that it fails or succeeds as if it had been alone.

use std::sync::Arc;

use futures_util::future::join_all;
use ovsdb::{OpResult, Operation, Transaction};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use super::session::{Outcome, Session};
use super::view::DATABASE;
use crate::Error;

/// How many changes go together: what comes of a hundred at once is still a quarter of a megabyte.
const TOGETHER: usize = 128;

/// What changes are sent through. Cheap to clone; its task ends with the last clone.
#[derive(Clone)]
pub(crate) struct GroupCommit {
    session: Session,
    /// Whose turn it is to send.
    turn: Arc<Semaphore>,
    queue: mpsc::UnboundedSender<Waiting>,
}

/// A change that waits for its turn.
struct Waiting {
    what: String,
    operations: Vec<Operation>,
    deadline: Instant,
    answer: oneshot::Sender<Result<Outcome, Error>>,
}

impl GroupCommit {
    /// Starts the task.
    pub(crate) fn start(session: Session) -> Self {
        let (queue, waiting) = mpsc::unbounded_channel();
        let turn = Arc::new(Semaphore::new(1));
        tokio::spawn(run(session.clone(), Arc::clone(&turn), waiting));
        Self { session, turn, queue }
    }

    /// Does a change, alone or in company; its results are those of its own operations.
    pub(crate) async fn transact(
        &self,
        what: &str,
        operations: Vec<Operation>,
        deadline: Instant,
    ) -> Result<Outcome, Error> {
        if let Ok(_turn) = self.turn.try_acquire() {
            return self.session.transact(what, transaction(operations), deadline).await;
        }
        let (answer, answered) = oneshot::channel();
        // The task only ends with the last sender, so there is one to receive it.
        let _ = self.queue.send(Waiting { what: what.to_owned(), operations, deadline, answer });
        match timeout_at(deadline, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(self.session.away()),
        }
    }
}

async fn run(session: Session, turn: Arc<Semaphore>, mut queue: mpsc::UnboundedReceiver<Waiting>) {
    while let Some(first) = queue.recv().await {
        let turn = turn.acquire().await;
        let mut together = vec![first];
        while let Some(next) = (together.len() < TOGETHER).then(|| queue.try_recv().ok()).flatten() {
            together.push(next);
        }
        // Nobody is there any more to undo the change of a caller that gave up.
        together.retain(|change| !change.answer.is_closed());
        commit(&session, together).await;
        drop(turn);
    }
}

async fn commit(session: &Session, together: Vec<Waiting>) {
    let Some(deadline) = together.iter().map(|change| change.deadline).min() else { return };
    let operations = together.iter().flat_map(|change| change.operations.iter().cloned()).collect();
    let what = format!("make {} changes at once", together.len());
    match session.transact(&what, transaction(operations), deadline).await {
        Ok(Outcome::Done(results)) => hand_out(together, results),
        Ok(Outcome::Unknown) => together.into_iter().for_each(|change| change.answer(Ok(Outcome::Unknown))),
        // Of which of them it is true is not known.
        Ok(Outcome::Outdated) | Err(_) => {
            drop(join_all(together.into_iter().map(|change| change.alone(session))).await)
        }
    }
}

/// Gives each change its part of the results, which stand in the order of the operations.
fn hand_out(together: Vec<Waiting>, results: Vec<OpResult>) {
    let mut results = results.into_iter();
    for change in together {
        let own = results.by_ref().take(change.operations.len()).collect();
        change.answer(Ok(Outcome::Done(own)));
    }
}

impl Waiting {
    async fn alone(self, session: &Session) {
        let result = session.transact(&self.what, transaction(self.operations), self.deadline).await;
        // A caller that gave up at its deadline is not there to be told.
        let _ = self.answer.send(result);
    }

    fn answer(self, result: Result<Outcome, Error>) {
        let _ = self.answer.send(result);
    }
}

fn transaction(operations: Vec<Operation>) -> Transaction {
    operations.into_iter().fold(Transaction::new(DATABASE), Transaction::push)
}
