//! Doing transactions.

use super::Client;
use crate::deadline::Deadline;
use crate::error::{Error, UnknownReason};
use crate::session::{Answer, Call, Control, Link, Ticket};
use crate::transaction::{OpResult, Rejection, Transaction, read_reply};
use serde_json::Value as Json;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout_at;

impl Client {
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
