//! Servers to test against.

mod certs;
mod proxy;
mod server;

pub(crate) use certs::Authority;
use ovsdb::{Client, ConnectError, Deadline, Link, MonitorSpec, Options, TableSpec};
pub(crate) use proxy::{Meddle, Proxy};
pub(crate) use server::{Server, shared_file, tool};
use std::sync::Arc;
use std::time::Duration;

/// The database that most tests use: one table for every kind of column, one of rows that need a reference.
pub(crate) const SCHEMA: &str = include_str!("test.ovsschema");

impl Server {
    /// A server with a fresh database of the test schema.
    pub(crate) fn start() -> Self {
        Server::with_schema(SCHEMA)
    }
}

/// Longer than anything should take, however busy the machine is.
pub(crate) fn soon() -> Deadline {
    Duration::from_secs(30).into()
}

/// A copy of all columns of the test database.
pub(crate) fn everything() -> MonitorSpec {
    MonitorSpec::database("Test").table(things()).table(TableSpec::new("Part").columns(["name", "size"]).index("name"))
}

/// A copy of all columns of one table.
pub(crate) fn things() -> TableSpec {
    TableSpec::new("Thing").columns(THING_COLUMNS).index("name").index("parts").index_key("labels", "owner")
}

pub(crate) const THING_COLUMNS: [&str; 14] = [
    "name", "count", "ratio", "on", "ratios", "nick", "tags", "pair", "parts", "labels", "single", "sizes", "other",
    "seen",
];

/// A client that is connected and has its copy.
pub(crate) async fn connected(options: impl Into<Options>, spec: MonitorSpec) -> Client {
    let client = Client::start(options, spec).unwrap();
    client.wait_connected(soon()).await.unwrap();
    client
}

/// Why a client has not found a session, once it has tried.
pub(crate) async fn failure(client: &Client) -> Arc<ConnectError> {
    let patience = soon().instant();
    loop {
        assert!(patience > tokio::time::Instant::now(), "the client has not tried");
        match client.link() {
            Link::Down { cause: Some(cause) } => return cause,
            Link::Down { cause: None } => tokio::time::sleep(Duration::from_millis(5)).await,
            Link::Up { remote } => panic!("connected to {remote}"),
        }
    }
}
