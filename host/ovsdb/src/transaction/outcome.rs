//! What the server answered to a transaction.
//!
//! The reply is an array with one element per operation. A failed operation's element is an error and those after it are
//! null. What only shows at the commit (a duplicate name, a dangling reference) stands in one element more than there
//! were operations: a client that looks only at as many elements as it sent operations reports success.

use super::{Operation, Transaction};
use crate::row::Row;
use serde_json::Value as Json;
use std::fmt;
use uuid::Uuid;

/// The result of one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpResult {
    /// `insert`: the new row.
    Inserted(Uuid),
    /// `select`: the rows.
    Rows(Vec<Row>),
    /// `update`, `mutate`, `delete`: how many rows were meant. Zero is no error to the server.
    Count(u64),
    /// The other operations say nothing.
    Done,
}

impl OpResult {
    /// The new row of an `insert`.
    pub fn inserted(&self) -> Option<Uuid> {
        match self {
            OpResult::Inserted(uuid) => Some(*uuid),
            _ => None,
        }
    }

    /// The rows of a `select`; none for other operations.
    pub fn rows(&self) -> &[Row] {
        match self {
            OpResult::Rows(rows) => rows,
            _ => &[],
        }
    }

    /// The count of an `update`, `mutate` or `delete`.
    pub fn count(&self) -> Option<u64> {
        match self {
            OpResult::Count(count) => Some(*count),
            _ => None,
        }
    }
}

/// Where a transaction failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// The whole request was refused, for instance because the database is unknown.
    Request,
    /// An operation.
    Operation {
        /// Its index.
        index: usize,
        /// Its name, such as `insert`.
        name: &'static str,
        /// The table it is about.
        table: Option<String>,
    },
    /// All operations went well, the commit did not.
    Commit,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Position::Request => f.write_str("the request"),
            Position::Operation { index, name, table: Some(table) } => write!(f, "operation {index} ({name} {table})"),
            Position::Operation { index, name, table: None } => write!(f, "operation {index} ({name})"),
            Position::Commit => f.write_str("the commit"),
        }
    }
}

/// The server refused a transaction: nothing of it was done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{position} on database {database} was refused: {error}{}", .details.as_deref().map(|text| format!(": {text}")).unwrap_or_default())]
pub struct Rejection {
    /// The database.
    pub database: String,
    /// What was refused.
    pub position: Position,
    /// The server's `error`, word for word.
    pub error: String,
    /// The server's `details`, word for word.
    pub details: Option<String>,
    /// The part of the request that the server stumbled over, if it said so.
    pub syntax: Option<String>,
}

impl Rejection {
    fn new(transaction: &Transaction, position: Position, error: &Json) -> Self {
        let text = |member: &str| error.get(member).and_then(Json::as_str).map(str::to_owned);
        Rejection {
            database: transaction.database().to_owned(),
            position,
            error: text("error").or_else(|| error.as_str().map(str::to_owned)).unwrap_or_else(|| error.to_string()),
            details: text("details"),
            syntax: text("syntax"),
        }
    }

    fn at(transaction: &Transaction, index: usize, error: &Json) -> Self {
        let position = match transaction.operations().get(index) {
            Some(operation) => {
                Position::Operation { index, name: operation.name(), table: operation.table().map(str::to_owned) }
            }
            None => Position::Commit,
        };
        Rejection::new(transaction, position, error)
    }

    /// The server refused the request as a whole: the `error` member of its response.
    pub(crate) fn of_request(transaction: &Transaction, error: &Json) -> Self {
        Rejection::new(transaction, Position::Request, error)
    }

    /// A `wait` did not come true in time.
    pub fn is_guard_failed(&self) -> bool {
        self.error == "timed out" && matches!(self.position, Position::Operation { name: "wait", .. })
    }

    /// A row with this uuid or these index columns is already there.
    pub fn is_duplicate(&self) -> bool {
        // Other constraints have the same error; only the details tell them apart.
        let same_values =
            || self.details.as_deref().is_some_and(|details| details.contains("to have identical values"));
        self.error == "duplicate uuid" || (self.error == "constraint violation" && same_values())
    }

    /// This client does not hold the lock that was asserted.
    pub fn is_lock_lost(&self) -> bool {
        self.error == "not owner"
    }

    /// The same request may be accepted later: a guard that failed (read again first), a leader that changed, a full disk.
    pub fn can_retry(&self) -> bool {
        const PASSING: [&str; 5] = ["timed out", "canceled", "cluster error", "not leader", "I/O error"];
        PASSING.contains(&self.error.as_str())
    }
}

/// A reply that the protocol does not allow; the transaction may have been done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server's reply to a transaction does not fit it: {0}")]
pub(crate) struct Misfit(String);

/// Reads the `result` of a transact response.
pub(crate) fn read_reply(transaction: &Transaction, result: &Json) -> Result<Result<Vec<OpResult>, Rejection>, Misfit> {
    let misfit = || Misfit(result.to_string().chars().take(200).collect());
    let elements = result.as_array().ok_or_else(misfit)?;
    let failed = elements.iter().position(|element| element.get("error").is_some());
    if let Some(index) = failed {
        return Ok(Err(Rejection::at(transaction, index, &elements[index])));
    }
    if elements.len() != transaction.operations().len() {
        return Err(misfit());
    }
    let pairs = transaction.operations().iter().zip(elements);
    pairs.map(|(operation, element)| read_element(operation, element)).collect::<Option<_>>().map(Ok).ok_or_else(misfit)
}

fn read_element(operation: &Operation, element: &Json) -> Option<OpResult> {
    match operation {
        Operation::Insert(_) => {
            Some(OpResult::Inserted(crate::value::Atom::from_json(element.get("uuid")?).ok()?.as_uuid()?))
        }
        Operation::Select(_) => {
            let rows = element.get("rows")?.as_array()?.iter().map(Row::from_select);
            Some(OpResult::Rows(rows.collect::<Result<_, _>>().ok()?))
        }
        Operation::Update(_) | Operation::Mutate(_) | Operation::Delete(_) => {
            Some(OpResult::Count(element.get("count")?.as_u64()?))
        }
        _ => element.is_object().then_some(OpResult::Done),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transaction::{Insert, Select};
    use serde_json::json;

    #[test]
    fn a_reply_that_does_not_fit_is_told_from_a_refusal() {
        let transaction =
            Transaction::new("Test").insert(Insert::into("T")).select(Select::every_row("T")).comment("c");
        let uuid = json!({"uuid": ["uuid", Uuid::nil()]});
        let rows = json!({"rows": [{"_uuid": ["uuid", Uuid::nil()]}]});
        let good = json!([uuid, rows, {}]);
        assert_eq!(read_reply(&transaction, &good).unwrap().unwrap().len(), 3);
        let misfits = [
            json!(null),
            json!([]),
            json!([uuid, rows]),
            json!([uuid, rows, {}, {}]),
            json!([rows, uuid, {}]),
            json!([uuid, {"rows": [{"name": "without uuid"}]}, {}]),
            json!([uuid, rows, null]),
            json!([{"uuid": "no uuid"}, rows, {}]),
        ];
        for misfit in misfits {
            assert!(read_reply(&transaction, &misfit).is_err(), "{misfit}");
        }
        let refused = json!([uuid, {"error": "timed out"}, null]);
        assert_eq!(read_reply(&transaction, &refused).unwrap().unwrap_err().error, "timed out");
    }
}
