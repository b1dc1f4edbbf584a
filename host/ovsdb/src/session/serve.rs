//! The session: calls go out. What comes in is in [`incoming`](super::incoming).

use super::call::{Answer, Call, Control};
use super::locks::LockRequest;
use super::open::{Live, Memory, Session};
use super::probe::{Probe, Verdict};
use super::{Publisher, locks::Locks};
use crate::error::ConnectError;
use crate::metrics::Counters;
use crate::options::Options;
use crate::wire::{Connection, Message};
use serde_json::json;
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
    pub(super) around: Surroundings<'a>,
    pub(super) live: Live,
    probe: Probe,
    waiting: HashMap<u64, Waiting>,
}

/// Who waits for a response.
pub(super) enum Waiting {
    Caller { answer: oneshot::Sender<Answer>, start: u64, sent: Instant },
    Lock(LockRequest),
    Nobody,
}

impl<'a> Service<'a> {
    /// Takes the new copy over, tells the clients, asks for the wanted locks.
    pub(crate) fn begin(session: Session, around: Surroundings<'a>) -> Self {
        let Session { remote, schema, layouts, copied, live } = session;
        around.counters.sessions.add(1);
        around.counters.resumed.add(copied.changes.is_some().into());
        around.memory.replica = copied.replica;
        around.memory.layouts = layouts;
        around.memory.last_id = copied.last_id;
        around.publisher.connected(&remote, &schema, &around.memory.replica, copied.changes);
        let probe = Probe::new(around.options, &remote);
        let mut service = Service { around, live, probe, waiting: HashMap::new() };
        for request in service.around.locks.begin() {
            service.ask_lock(request);
        }
        service
    }

    /// Whether another call may be sent.
    pub(crate) fn accepts(&self) -> bool {
        self.waiting.len() < MAX_IN_FLIGHT && self.live.connection.unsent() < MAX_UNSENT
    }

    /// When to look for silence.
    pub(crate) fn probe_due(&self) -> Option<Instant> {
        self.probe.due(self.live.connection.last_heard())
    }

    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.live.connection
    }

    /// Sends a call, unless its caller has given up.
    pub(crate) fn start(&mut self, call: Call) {
        self.around.memory.requests += 1;
        let id = self.around.memory.requests;
        if call.ticket.claim(id) {
            let start = self.live.connection.send(&Message::request(id, "transact", &call.params));
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
                    self.live.connection.send(&Message::notification("cancel", &json!([id]).to_string()));
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
    pub(super) fn answered(&mut self, id: u64) -> Option<Waiting> {
        let waiting = self.waiting.remove(&id);
        self.around.counters.in_flight.set(self.waiting.len());
        waiting
    }

    fn ask_lock(&mut self, request: LockRequest) {
        self.around.memory.requests += 1;
        let params = json!([&*request.name]).to_string();
        self.live.connection.send(&Message::request(self.around.memory.requests, request.method, &params));
        self.around.locks.asked(&request.name);
        self.wait_for(self.around.memory.requests, Waiting::Lock(request));
    }

    /// Looks for silence.
    pub(crate) fn probe(&mut self) -> Result<(), ConnectError> {
        match self.probe.judge(self.live.connection.last_heard(), Instant::now()) {
            Verdict::Fine => {}
            Verdict::Ask => {
                self.around.memory.requests += 1;
                self.live.connection.send(&Message::request(self.around.memory.requests, "echo", "[]"));
                self.wait_for(self.around.memory.requests, Waiting::Nobody);
            }
            Verdict::GiveUp => {
                let remote = self.live.connection.remote().to_owned();
                return Err(ConnectError::Silent { remote, seconds: self.probe.limit() });
            }
        }
        Ok(())
    }

    /// Tells everyone who waits that the session has ended.
    pub(crate) fn end(self, cause: &Arc<ConnectError>) {
        let written = self.live.connection.written();
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
