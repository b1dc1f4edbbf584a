//! A client for OVSDB, the protocol of Open vSwitch's and OVN's databases: RFC 7047 with the extensions of
//! ovsdb-server(7).
//!
//! A [`Client`] keeps one connection to one database, comes back when it is lost, and keeps a copy of the rows it was asked
//! to watch. It is started at once and connects in the background, so that a program can come up before its database does.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use ovsdb::{Atom, Client, Insert, MonitorSpec, Mutate, Remote, TableSpec};
//! use std::time::Duration;
//!
//! let limit = Duration::from_secs(10);
//! let remote: Remote = "unix:/run/openvswitch/db.sock".parse()?;
//! let spec = MonitorSpec::database("Open_vSwitch")
//!     .table(TableSpec::new("Bridge").columns(["name"]).index("name"))
//!     .table(TableSpec::new("Interface").columns(["name", "ofport"]).index("name"));
//! let client = Client::start(remote, spec)?;
//!
//! // Waits for the connection and for the bridge, whichever comes later.
//! let bridge = client.wait_until(|copy| copy.find("Bridge", "name", "br0").map(|row| row.uuid()), limit).await?;
//!
//! let transaction = client
//!     .transaction()
//!     .insert(Insert::into("Interface").uuid_name("i").set("name", "veth1"))
//!     .insert(Insert::into("Port").uuid_name("p").set("name", "veth1").set("interfaces", Atom::named("i")))
//!     .mutate(Mutate::row("Bridge", bridge).insert("ports", Atom::named("p")));
//! client.transact(transaction, limit).await?;
//!
//! // The copy already shows the transaction; the switch's answer comes later.
//! let interface = client.snapshot().find("Interface", "name", "veth1").map(|row| row.uuid()).ok_or("collected")?;
//! let number = |copy: &ovsdb::Snapshot| copy.row("Interface", interface)?.get::<Option<i64>>("ofport").ok()?;
//! println!("OpenFlow port {}", client.wait_until(number, limit).await?);
//! # Ok(()) }
//! ```
//!
//! # What can be relied on
//!
//! - Every call has a [`Deadline`]; nothing waits without limit, and no lock is held while the server is waited for.
//! - An [`Error`] says whether the transaction was [refused](Error::Rejected), [not](Error::NotConnected)
//!   [sent](Error::NotSent), or sent with [unknown](Error::Unknown) outcome. Nothing is sent twice by itself. A transaction
//!   whose rows carry their own [uuids](Insert::uuid) can be sent again after an unknown outcome:
//!   [`is_duplicate`](Error::is_duplicate) then means that it had been done.
//! - A refusal found at the commit is found although it stands behind the results of the operations; see [`Rejection`].
//! - A [`Snapshot`] is the database between two transactions. Taking one costs nothing, an update costs the same whatever the
//!   size of the table, and [`Client::transact`] returns after the copy shows its changes.
//! - [`Changes`] miss nothing: after a reconnection, and for subscribers that are too slow, the difference of the copies is
//!   told.
//! - A silent server is noticed by probes (not on unix sockets, where the system tells), a cluster's leader is followed, a
//!   member that is behind is not believed.
//!
//! # What it is not
//!
//! No mapping of tables to Rust types and no schema compiler: rows are read [by column name](Row::get). The monitored columns
//! and conditions are chosen at the start and stay.

mod changes;
mod client;
mod deadline;
mod error;
mod metrics;
mod monitor;
mod northbound;
mod options;
mod remote;
mod replica;
mod row;
mod schema;
mod session;
mod transaction;
mod value;
mod wire;

pub use changes::{Changes, Event};
pub use client::{Client, Lock};
pub use deadline::Deadline;
pub use error::{ConnectError, Error, OptionsError, UnknownReason};
pub use metrics::Metrics;
pub use monitor::{MonitorSpec, TableSpec};
pub use northbound::{Found, NORTHBOUND, Northbound, NorthboundAt, NotFound, northbound_remotes};
pub use options::{Options, TlsFiles};
pub use remote::{Remote, RemoteError};
pub use replica::{RowChange, Snapshot, Table};
pub use row::{ColumnError, Row};
pub use schema::{AtomKind, ColumnSchema, ColumnType, Schema, TableSchema};
pub use session::Link;
pub use transaction::{
    Condition, Delete, Function, Insert, Mutate, Mutator, OpResult, Operation, Position, Rejection, Select,
    Transaction, Update, Wait,
};
pub use value::{Atom, DecodeError, FromAtom, FromValue, Map, Set, Value};
