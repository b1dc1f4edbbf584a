//! `delete`: removes rows.

use super::{Operation, condition::Rows};
use crate::transaction::Condition;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use uuid::Uuid;

/// Removes rows. Matching no row is no error: the count says it.
///
/// A row of a table that is not a root goes by itself with its last reference; deleting it while it is referenced is an error.
#[derive(Clone, Debug, PartialEq)]
pub struct Delete {
    table: Arc<str>,
    rows: Rows,
}

impl Delete {
    /// The row with this uuid.
    pub fn row(table: &str, uuid: Uuid) -> Self {
        Delete { table: table.into(), rows: Rows::one(uuid) }
    }

    /// The rows that meet a condition.
    pub fn matching(table: &str, condition: Condition) -> Self {
        Delete { table: table.into(), rows: Rows::matching(condition) }
    }

    /// All rows of the table.
    pub fn every_row(table: &str) -> Self {
        Delete { table: table.into(), rows: Rows::every() }
    }

    /// Narrows the rows to those that also meet this condition.
    #[must_use]
    pub fn and(mut self, condition: Condition) -> Self {
        self.rows.and(condition);
        self
    }

    pub(crate) fn table(&self) -> &Arc<str> {
        &self.table
    }

    pub(crate) fn to_json(&self) -> Json {
        json!({"op": "delete", "table": &*self.table, "where": self.rows.to_json()})
    }
}

impl From<Delete> for Operation {
    fn from(delete: Delete) -> Self {
        Operation::Delete(delete)
    }
}
