//! What a client asks a database to do, all or nothing.
//!
//! One file per operation. An operation is checked and written as JSON only when it is sent; nothing here knows about
//! connections.

mod columns;
mod condition;
mod delete;
mod insert;
mod mutate;
mod operation;
mod outcome;
mod select;
mod update;
mod wait;

pub use condition::{Condition, Function};
pub use delete::Delete;
pub use insert::Insert;
pub use mutate::{Mutate, Mutator};
pub use operation::Operation;
pub(crate) use outcome::read_reply;
pub use outcome::{OpResult, Position, Rejection};
pub use select::Select;
use serde_json::{Value as Json, json};
use std::sync::Arc;
pub use update::Update;
pub use wait::Wait;

/// Operations that a database does all or not at all.
///
/// ```
/// use ovsdb::{Atom, Insert, Mutate, Transaction, Value};
/// # let bridge = uuid::Uuid::nil();
/// let transaction = Transaction::new("Open_vSwitch")
///     .insert(Insert::into("Interface").uuid_name("i").set("name", "veth1"))
///     .insert(Insert::into("Port").uuid_name("p").set("name", "veth1").set("interfaces", Atom::named("i")))
///     .mutate(Mutate::row("Bridge", bridge).insert("ports", Atom::named("p")))
///     .comment("add veth1");
/// # assert_eq!(transaction.operations().len(), 4);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Transaction {
    database: Arc<str>,
    operations: Vec<Operation>,
}

impl Transaction {
    /// An empty transaction on this database.
    pub fn new(database: &str) -> Self {
        Transaction { database: database.into(), operations: Vec::new() }
    }

    /// Adds an operation; its result stands at the same index in the reply.
    #[must_use]
    pub fn push(mut self, operation: impl Into<Operation>) -> Self {
        self.operations.push(operation.into());
        self
    }

    /// Inserts a row.
    #[must_use]
    pub fn insert(self, insert: Insert) -> Self {
        self.push(insert)
    }

    /// Reads rows.
    #[must_use]
    pub fn select(self, select: Select) -> Self {
        self.push(select)
    }

    /// Replaces columns.
    #[must_use]
    pub fn update(self, update: Update) -> Self {
        self.push(update)
    }

    /// Changes columns relative to what they hold.
    #[must_use]
    pub fn mutate(self, mutate: Mutate) -> Self {
        self.push(mutate)
    }

    /// Removes rows.
    #[must_use]
    pub fn delete(self, delete: Delete) -> Self {
        self.push(delete)
    }

    /// Adds a guard.
    #[must_use]
    pub fn wait(self, wait: Wait) -> Self {
        self.push(wait)
    }

    /// Makes the server answer only when the transaction is on its disk; a standalone server does not wait for that by itself.
    #[must_use]
    pub fn commit_durable(self) -> Self {
        self.push(Operation::CommitDurable)
    }

    /// Makes the transaction fail whatever else it holds: a rehearsal.
    #[must_use]
    pub fn abort(self) -> Self {
        self.push(Operation::Abort)
    }

    /// Adds a note to the database's log (`ovsdb-tool show-log`).
    #[must_use]
    pub fn comment(self, comment: impl Into<String>) -> Self {
        self.push(Operation::Comment(comment.into()))
    }

    /// Fails the transaction unless this client holds the lock, see [`Client::lock`](crate::Client::lock).
    #[must_use]
    pub fn assert_lock(self, lock: impl Into<String>) -> Self {
        self.push(Operation::Assert(lock.into()))
    }

    /// The database it is for.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The operations, in order.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The parameters of the `transact` call: what is sent, for logs and dry runs.
    pub fn to_json(&self) -> Json {
        let operations = self.operations.iter().map(Operation::to_json);
        Json::Array(std::iter::once(json!(&*self.database)).chain(operations).collect())
    }

    /// What the server could not even read, with the index of the operation.
    pub(crate) fn check(&self) -> Result<(), (usize, String)> {
        let check = |(index, operation): (usize, &Operation)| operation.check().map_err(|problem| (index, problem));
        self.operations.iter().enumerate().try_for_each(check)
    }
}
