//! The session: calls go out, answers and changes come in.

use super::call::{Answer, Call, Control};
use super::locks::LockRequest;
use super::open::{DATA_MONITOR, Memory, SERVER_MONITOR, Session};
use super::probe::{Probe, Verdict};
use super::{Publisher, locks::Locks, server_row};
use crate::error::ConnectError;
use crate::metrics::Counters;
use crate::options::Options;
use crate::wire::{Connection, Message, Response};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// More calls than this wait until others are answered.
const MAX_IN_FLIGHT: usize = 256;
/// More bytes than this wait until others are written.
const MAX_UNSENT: usize = 4 << 20;

/// What outlives the session.
pub(crate) struct Surroundings<'a> {
    pub(crate) options: &'a Options,
    pub(crate) memory: &'a mut Memory,
    pub(crate) locks: &'a mut Locks,
    pub(crate) publisher: &'a Publisher,
    pub(crate) counters: &'a Counters,
}

/// A session with everything it works on.
pub(crate) struct Service<'a> {
    around: Surroundings<'a>,
    session: Session,
    probe: Probe,
    waiting: HashMap<u64, Waiting>,
}

/// Who waits for a response.
enum Waiting {
    Caller { answer: oneshot::Sender<Answer>, start: u64, sent: Instant },
    Lock(LockRequest),
    Nobody,
}

impl<'a> Service<'a> {
    /// Takes the new copy over, tells the clients, asks for the wanted locks.
    pub(crate) fn begin(mut session: Session, around: Surroundings<'a>) -> Self {
        let changes = session.copied.changes.take();
        around.counters.sessions.add(1);
        around.counters.resumed.add(changes.is_some().into());
        around.memory.replica = session.copied.replica.clone();
        around.memory.layouts = session.layouts.clone();
        around.memory.last_id = session.copied.last_id.take();
        around.publisher.connected(&session.remote, &session.schema, &around.memory.replica, changes);
        let probe = Probe::new(around.options, &session.remote);
        let mut service = Service { around, session, probe, waiting: HashMap::new() };
        for request in service.around.locks.begin() {
            service.ask_lock(request);
        }
        service
    }

    /// Whether another call may be sent.
    pub(crate) fn accepts(&self) -> bool {
        self.waiting.len() < MAX_IN_FLIGHT && self.session.connection.unsent() < MAX_UNSENT
    }

    /// When to look for silence.
    pub(crate) fn probe_due(&self) -> Option<Instant> {
        self.probe.due(self.session.connection.last_heard())
    }

    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.session.connection
    }

    /// Handles what came while the session was opened.
    pub(crate) fn catch_up(&mut self) -> Result<(), ConnectError> {
        while let Some((method, params)) = self.session.backlog.pop_front() {
            self.notified(&method, &params)?;
        }
        Ok(())
    }

    /// Sends a call, unless its caller has given up.
    pub(crate) fn start(&mut self, call: Call) {
        self.around.memory.requests += 1;
        let id = self.around.memory.requests;
        if call.ticket.claim(id) {
            let start = self.session.connection.send(&Message::request(id, "transact", &call.params));
            self.around.counters.sent.add(1);
            self.wait_for(id, Waiting::Caller { answer: call.answer, start, sent: Instant::now() });
        }
    }

    /// Does what a client wants besides transactions.
    pub(crate) fn control(&mut self, control: Control) {
        match control {
            Control::Cancel(id) => {
                // The server forgets the request, and may answer or not: ovsdb-server 3.1 does not.
                if self.answered(id).is_some() {
                    self.session.connection.send(&Message::notification("cancel", &json!([id]).to_string()));
                }
            }
            wish => {
                if let Some(request) = self.around.locks.control(wish) {
                    self.ask_lock(request);
                    self.around.publisher.locks(self.around.locks.held());
                }
            }
        }
    }

    fn wait_for(&mut self, id: u64, waiting: Waiting) {
        self.waiting.insert(id, waiting);
        self.around.counters.in_flight.set(self.waiting.len());
    }

    /// Who waited for the answer to this request.
    fn answered(&mut self, id: u64) -> Option<Waiting> {
        let waiting = self.waiting.remove(&id);
        self.around.counters.in_flight.set(self.waiting.len());
        waiting
    }

    fn ask_lock(&mut self, request: LockRequest) {
        self.around.memory.requests += 1;
        let params = json!([&*request.name]).to_string();
        self.session.connection.send(&Message::request(self.around.memory.requests, request.method, &params));
        self.around.locks.asked(&request.name);
        self.wait_for(self.around.memory.requests, Waiting::Lock(request));
    }

    /// Looks for silence.
    pub(crate) fn probe(&mut self) -> Result<(), ConnectError> {
        match self.probe.judge(self.session.connection.last_heard(), Instant::now()) {
            Verdict::Fine => {}
            Verdict::Ask => {
                self.around.memory.requests += 1;
                self.session.connection.send(&Message::request(self.around.memory.requests, "echo", "[]"));
                self.wait_for(self.around.memory.requests, Waiting::Nobody);
            }
            Verdict::GiveUp => {
                let remote = self.session.connection.remote().to_owned();
                return Err(ConnectError::Silent { remote, seconds: self.probe.limit() });
            }
        }
        Ok(())
    }

    /// Handles a message; an error ends the session.
    pub(crate) fn handle(&mut self, message: Message) -> Result<(), ConnectError> {
        match message {
            Message::Request { id, method, params } => {
                self.session.connection.send(&Message::answer(&id, &method, &params));
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
            None => return Err(self.session.connection.violation(&"a response to no request")),
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
                remote: self.session.connection.remote().to_owned(),
                reason: "the server ended the monitor, because the database or its schema has changed",
            }),
            ("locked" | "stolen", [Json::String(name)]) => {
                if self.around.locks.set_held(name, method == "locked") {
                    self.around.publisher.locks(self.around.locks.held());
                }
                Ok(())
            }
            _ => Err(self.session.connection.violation(&format!("unexpected notification {method}"))),
        }
    }

    fn updated(&mut self, monitor: &str, last_id: Option<&str>, updates: &Json) -> Result<(), ConnectError> {
        match monitor {
            DATA_MONITOR => {
                let notation = self.session.copied.notation;
                // Whatever goes wrong leaves no copy that could be carried on.
                self.around.memory.last_id = None;
                let changes = self
                    .around
                    .memory
                    .replica
                    .apply(&self.session.layouts, notation, updates)
                    .map_err(|error| self.session.connection.violation(&error))?;
                self.around.memory.last_id = last_id.map(str::to_owned);
                self.around.counters.row_changes.add(changes.len() as u64);
                self.around.publisher.changed(&self.around.memory.replica, changes);
                Ok(())
            }
            SERVER_MONITOR => self.server_updated(updates),
            _ => Err(self.session.connection.violation(&format!("an update of the unknown monitor {monitor}"))),
        }
    }

    fn server_updated(&mut self, updates: &Json) -> Result<(), ConnectError> {
        let connection = &self.session.connection;
        let Some(server) = &mut self.session.server else {
            return Err(connection.violation(&"an update of the server's database, which is not monitored"));
        };
        let applied = server.replica.apply(&server.layouts, server.notation, updates);
        applied.map_err(|error| connection.violation(&error))?;
        server_row::judge(&server.replica, self.around.options.leader_only, &mut self.around.memory.seen)
            .map_err(|reason| ConnectError::Unsuitable { remote: connection.remote().to_owned(), reason })
    }

    /// Tells everyone who waits that the session has ended.
    pub(crate) fn end(self, cause: &Arc<ConnectError>) {
        let written = self.session.connection.written();
        for (_, waiting) in self.waiting {
            if let Waiting::Caller { answer, start, .. } = waiting {
                let told = if start < written { Answer::Lost(cause.clone()) } else { Answer::NotSent };
                // Fails only if the caller has gone.
                let _ = answer.send(told);
            }
        }
        self.around.counters.in_flight.set(0);
        self.around.publisher.disconnected(cause.clone());
    }
}
