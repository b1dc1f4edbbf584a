//! What a transaction is made of.

use super::columns::is_id;
use super::{Delete, Insert, Mutate, Select, Update, Wait};
use serde_json::{Value as Json, json};

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

    pub(super) fn check(&self) -> Result<(), String> {
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

    pub(super) fn to_json(&self) -> Json {
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
