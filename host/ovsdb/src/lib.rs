//! A client for OVSDB, the protocol of Open vSwitch's and OVN's databases (RFC 7047 with the extensions of
//! ovsdb-server(7)).

mod changes;
mod client;
mod deadline;
mod error;
mod lock;
mod metrics;
mod monitor;
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
pub use client::Client;
pub use deadline::Deadline;
pub use error::{ConnectError, Error, OptionsError, UnknownReason};
pub use lock::Lock;
pub use metrics::Metrics;
pub use monitor::{MonitorSpec, TableSpec};
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
