//! From nothing to a session: connect, judge the server, read the schema, take the copy.

use super::monitoring::{self, Copied, Earlier, is_unknown_method};
use super::server_row::{self, SeenIndexes};
use crate::error::ConnectError;
use crate::monitor::MonitorSpec;
use crate::options::Options;
use crate::remote::Remote;
use crate::replica::{Layout, Layouts, Notation, Replica};
use crate::schema::Schema;
use crate::wire::{Connection, Message, Response, dial};
use serde_json::{Value as Json, json};
use std::collections::VecDeque;
use std::sync::Arc;

/// The monitor ids of our two monitors.
pub(crate) const DATA_MONITOR: &str = "data";
pub(crate) const SERVER_MONITOR: &str = "server";

/// What outlives a session.
pub(crate) struct Memory {
    pub(crate) replica: Replica,
    pub(crate) layouts: Layouts,
    /// The transaction that the copy ends with; nothing if the copy cannot be carried on.
    pub(crate) last_id: Option<String>,
    pub(crate) seen: SeenIndexes,
    /// The number of the last request; never used twice, so that a late cancellation cannot hit another request.
    pub(crate) requests: u64,
}

/// A session that is ready to serve.
pub(crate) struct Session {
    pub(crate) remote: Remote,
    pub(crate) schema: Arc<Schema>,
    pub(crate) layouts: Layouts,
    pub(crate) copied: Copied,
    pub(crate) live: Live,
}

/// What lives as long as the session.
pub(crate) struct Live {
    pub(crate) connection: Connection,
    /// Notifications that came during the opening.
    pub(crate) backlog: VecDeque<(String, Json)>,
    /// How the server writes changes of the data.
    pub(crate) notation: Notation,
    pub(crate) server: Option<ServerCopy>,
}

/// The copy of the server's own database.
pub(crate) struct ServerCopy {
    pub(crate) replica: Replica,
    pub(crate) layouts: Layouts,
    pub(crate) notation: Notation,
}

/// Requests before there is a session: one at a time.
pub(crate) struct Handshake<'a> {
    pub(crate) connection: Connection,
    requests: &'a mut u64,
    backlog: VecDeque<(String, Json)>,
}

impl Handshake<'_> {
    /// Sends a request and waits for its result or error; answers echoes meanwhile.
    pub(crate) async fn call(&mut self, method: &str, params: &Json) -> Result<Result<Json, Json>, ConnectError> {
        *self.requests += 1;
        self.connection.send(&Message::request(*self.requests, method, &params.to_string()));
        loop {
            match self.connection.receive().await? {
                Message::Response(Response { id, outcome }) if id == *self.requests => return Ok(outcome),
                Message::Response(_) => return Err(self.connection.violation(&"a response to no request")),
                Message::Notification { method, params } => self.backlog.push_back((method, params)),
                Message::Request { id, method, params } => {
                    self.connection.send(&Message::answer(&id, &method, &params));
                }
            }
        }
    }

    /// The server refused what a session needs.
    pub(crate) fn refused(&self, method: &'static str, error: &Json) -> ConnectError {
        let error = error.as_str().map_or_else(|| error.to_string(), str::to_owned);
        ConnectError::Refused { remote: self.connection.remote().to_owned(), method, error }
    }

    fn missing(&self, missing: String) -> ConnectError {
        ConnectError::Missing { remote: self.connection.remote().to_owned(), missing }
    }

    async fn schema(&mut self, database: &str) -> Result<Result<Schema, Json>, ConnectError> {
        match self.call("get_schema", &json!([database])).await? {
            Ok(schema) => serde_json::from_value(schema).map(Ok).map_err(|error| self.connection.violation(&error)),
            Err(error) => Ok(Err(error)),
        }
    }

    /// Monitors the server's own database, which servers before Open vSwitch 2.9 do not have.
    async fn server_copy(&mut self, database: &str) -> Result<Option<ServerCopy>, ConnectError> {
        let Ok(schema) = self.schema(server_row::DATABASE).await? else {
            return Ok(None);
        };
        let spec = server_row::spec(database);
        let layouts = Layout::of_monitor(&spec, &schema).map_err(|missing| self.missing(missing))?;
        let copied = monitoring::start(self, SERVER_MONITOR, &spec, &layouts, None).await?;
        // Without this the server hangs up whenever one of its databases comes or goes.
        match self.call("set_db_change_aware", &json!([true])).await? {
            Err(error) if !is_unknown_method(&error) => Err(self.refused("set_db_change_aware", &error)),
            _ => Ok(Some(ServerCopy { replica: copied.replica, layouts, notation: copied.notation })),
        }
    }
}

/// Opens a session; without a time limit of its own.
pub(crate) async fn open(
    options: &Options,
    spec: &MonitorSpec,
    memory: &mut Memory,
    remote: &Remote,
) -> Result<Session, ConnectError> {
    let stream = dial(remote, options.tls.as_ref()).await?;
    let connection = Connection::new(remote.to_string(), stream, options.max_message);
    let mut handshake = Handshake { connection, requests: &mut memory.requests, backlog: VecDeque::new() };
    let server = handshake.server_copy(&spec.database).await?;
    if let Some(server) = &server {
        server_row::judge(&server.replica, options.leader_only, &mut memory.seen)
            .map_err(|reason| ConnectError::Unsuitable { remote: remote.to_string(), reason })?;
    }
    let schema = match handshake.schema(&spec.database).await? {
        Ok(schema) => Arc::new(schema),
        Err(error) => return Err(handshake.refused("get_schema", &error)),
    };
    let layouts = Layout::of_monitor(spec, &schema).map_err(|missing| handshake.missing(missing))?;
    let last_id = memory.last_id.as_deref().filter(|_| layouts == memory.layouts);
    let earlier = last_id.map(|last_id| Earlier { replica: &memory.replica, last_id });
    let copied = monitoring::start(&mut handshake, DATA_MONITOR, spec, &layouts, earlier).await?;
    let Handshake { connection, backlog, .. } = handshake;
    let live = Live { connection, backlog, notation: copied.notation, server };
    Ok(Session { remote: remote.clone(), schema, layouts, copied, live })
}
