//! What a client asks a database to do, all or nothing.
//!
//! One file per operation. An operation is checked and written as JSON only when it is sent; nothing here knows about
//! connections.

mod condition;
mod delete;
mod insert;
mod mutate;
mod outcome;
mod select;
mod update;
mod wait;

use crate::value::{Atom, Value};
pub use condition::{Condition, Function};
pub use delete::Delete;
pub use insert::Insert;
pub use mutate::{Mutate, Mutator};
pub(crate) use outcome::read_reply;
pub use outcome::{OpResult, Position, Rejection};
pub use select::Select;
use serde_json::{Map as JsonObject, Value as Json, json};
use std::sync::Arc;
pub use update::Update;
pub use wait::Wait;

/// One operation of a transaction (RFC 7047 section 5.2).
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// A new row.
    Insert(Insert),
    /// Reads rows.
    Select(Select),
    /// Replaces columns.
    Update(Update),
    /// Changes columns relative to what they hold.
    Mutate(Mutate),
    /// Removes rows.
    Delete(Delete),
    /// A guard.
    Wait(Wait),
    /// Makes the server answer only when the transaction is on its disk.
    CommitDurable,
    /// Makes the transaction fail: a rehearsal.
    Abort,
    /// A note for the database's log.
    Comment(String),
    /// Fails unless this client holds the lock.
    Assert(String),
}

impl Operation {
    /// The operation's name on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Operation::Insert(_) => "insert",
            Operation::Select(_) => "select",
            Operation::Update(_) => "update",
            Operation::Mutate(_) => "mutate",
            Operation::Delete(_) => "delete",
            Operation::Wait(_) => "wait",
            Operation::CommitDurable => "commit",
            Operation::Abort => "abort",
            Operation::Comment(_) => "comment",
            Operation::Assert(_) => "assert",
        }
    }

    /// The table it is about, if it is about one.
    pub fn table(&self) -> Option<&str> {
        match self {
            Operation::Insert(insert) => Some(insert.table()),
            Operation::Select(select) => Some(select.table()),
            Operation::Update(update) => Some(update.table()),
            Operation::Mutate(mutate) => Some(mutate.table()),
            Operation::Delete(delete) => Some(delete.table()),
            Operation::Wait(wait) => Some(wait.table()),
            Operation::CommitDurable | Operation::Abort | Operation::Comment(_) | Operation::Assert(_) => None,
        }
    }

    fn check(&self) -> Result<(), String> {
        match self {
            Operation::Insert(insert) => insert.check(),
            Operation::Update(update) => update.check(),
            Operation::Mutate(mutate) => mutate.check(),
            Operation::Wait(wait) => wait.check(),
            Operation::Assert(lock) if !is_id(lock) => {
                Err(format!("lock name {lock:?} may only have letters, digits and _"))
            }
            _ => Ok(()),
        }
    }

    fn to_json(&self) -> Json {
        match self {
            Operation::Insert(insert) => insert.to_json(),
            Operation::Select(select) => select.to_json(),
            Operation::Update(update) => update.to_json(),
            Operation::Mutate(mutate) => mutate.to_json(),
            Operation::Delete(delete) => delete.to_json(),
            Operation::Wait(wait) => wait.to_json(),
            Operation::CommitDurable => json!({"op": "commit", "durable": true}),
            Operation::Abort => json!({"op": "abort"}),
            Operation::Comment(comment) => json!({"op": "comment", "comment": comment}),
            Operation::Assert(lock) => json!({"op": "assert", "lock": lock}),
        }
    }
}

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

/// Column names with values, in the order they were given; a later value of a column replaces an earlier one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Columns(Vec<(Arc<str>, Value)>);

impl Columns {
    fn set(&mut self, column: &str, value: Value) {
        match self.0.iter_mut().find(|(name, _)| &**name == column) {
            Some((_, held)) => *held = value,
            None => self.0.push((column.into(), value)),
        }
    }

    fn collect<'a, V: Into<Value>>(columns: impl IntoIterator<Item = (&'a str, V)>) -> Self {
        let mut collected = Columns::default();
        columns.into_iter().for_each(|(name, value)| collected.set(name, value.into()));
        collected
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }

    fn check(&self) -> Result<(), String> {
        self.0.iter().try_for_each(|(column, value)| check_value(column, value))
    }

    fn to_json(&self) -> Json {
        let columns = self.0.iter().map(|(name, value)| (name.to_string(), value.to_json()));
        Json::Object(columns.collect::<JsonObject<_, _>>())
    }
}

/// RFC 7047's `<id>`.
fn is_id(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|next| next.is_ascii_alphanumeric() || next == '_')
}

/// JSON has no infinities, and OVSDB no NUL in strings: better said here than as a closed connection.
fn check_value(column: &str, value: &Value) -> Result<(), String> {
    let bad = |atom: &Atom| match atom {
        Atom::Real(number) => !number.is_finite(),
        Atom::String(text) => text.contains('\0'),
        Atom::Named(name) => !is_id(name),
        _ => false,
    };
    let found = match value {
        Value::Set(set) => set.iter().any(bad),
        Value::Map(map) => map.iter().any(|(key, value)| bad(key) || bad(value)),
    };
    if found { Err(format!("column {column} cannot hold {}", value.to_json())) } else { Ok(()) }
}
