//! What the server says during a session.

use super::call::Answer;
use super::open::{DATA_MONITOR, SERVER_MONITOR};
use super::serve::{Service, Waiting};
use super::server_row;
use crate::error::ConnectError;
use crate::wire::{Message, Response};
use serde_json::Value as Json;

impl Service<'_> {
    /// Handles what came while the session was opened.
    pub(crate) fn catch_up(&mut self) -> Result<(), ConnectError> {
        while let Some((method, params)) = self.live.backlog.pop_front() {
            self.notified(&method, &params)?;
        }
        Ok(())
    }

    /// Handles a message; an error ends the session.
    pub(crate) fn handle(&mut self, message: Message) -> Result<(), ConnectError> {
        match message {
            Message::Request { id, method, params } => {
                self.live.connection.send(&Message::answer(&id, &method, &params));
                Ok(())
            }
            Message::Notification { method, params } => self.notified(&method, &params),
            Message::Response(response) => self.responded(response),
        }
    }

    fn responded(&mut self, response: Response) -> Result<(), ConnectError> {
        match self.answered(response.id) {
            Some(Waiting::Caller { answer, sent, .. }) => {
                self.around.counters.answered.add(1);
                self.around.counters.answer_micros.add(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX));
                // Fails only if the caller has gone.
                let _ = answer.send(Answer::Response(response.outcome));
            }
            Some(Waiting::Lock(request)) => {
                let held = response.outcome.is_ok_and(|result| result["locked"] == true);
                if request.method != "unlock" && self.around.locks.set_held(&request.name, held) {
                    self.around.publisher.locks(self.around.locks.held());
                }
            }
            Some(Waiting::Nobody) => {}
            // The answer to a cancelled request came after all.
            None if response.id <= self.around.memory.requests => {}
            None => return Err(self.live.connection.violation(&"a response to no request")),
        }
        Ok(())
    }

    fn notified(&mut self, method: &str, params: &Json) -> Result<(), ConnectError> {
        match (method, params.as_array().map_or(&[][..], Vec::as_slice)) {
            ("update" | "update2", [Json::String(monitor), updates]) => self.updated(monitor, None, updates),
            ("update3", [Json::String(monitor), Json::String(last_id), updates]) => {
                self.updated(monitor, Some(last_id), updates)
            }
            ("monitor_canceled", _) => Err(ConnectError::Restart {
                remote: self.live.connection.remote().to_owned(),
                reason: "the server ended the monitor, because the database or its schema has changed",
            }),
            ("locked" | "stolen", [Json::String(name)]) => {
                if self.around.locks.set_held(name, method == "locked") {
                    self.around.publisher.locks(self.around.locks.held());
                }
                Ok(())
            }
            _ => Err(self.live.connection.violation(&format!("unexpected notification {method}"))),
        }
    }

    fn updated(&mut self, monitor: &str, last_id: Option<&str>, updates: &Json) -> Result<(), ConnectError> {
        match monitor {
            DATA_MONITOR => {
                let memory = &mut *self.around.memory;
                // Whatever goes wrong leaves no copy that could be carried on.
                memory.last_id = None;
                let applied = memory.replica.apply(&memory.layouts, self.live.notation, updates);
                let changes = applied.map_err(|error| self.live.connection.violation(&error))?;
                memory.last_id = last_id.map(str::to_owned);
                self.around.counters.row_changes.add(changes.len() as u64);
                self.around.publisher.changed(&memory.replica, changes);
                Ok(())
            }
            SERVER_MONITOR => self.server_updated(updates),
            _ => Err(self.live.connection.violation(&format!("an update of the unknown monitor {monitor}"))),
        }
    }

    fn server_updated(&mut self, updates: &Json) -> Result<(), ConnectError> {
        let connection = &self.live.connection;
        let Some(server) = &mut self.live.server else {
            return Err(connection.violation(&"an update of the server's database, which is not monitored"));
        };
        let applied = server.replica.apply(&server.layouts, server.notation, updates);
        applied.map_err(|error| connection.violation(&error))?;
        server_row::judge(&server.replica, self.around.options.leader_only, &mut self.around.memory.seen)
            .map_err(|reason| ConnectError::Unsuitable { remote: connection.remote().to_owned(), reason })
    }
}
