//! `update`: replaces columns.

use super::columns::Columns;
use super::{Operation, condition::Rows};
use crate::transaction::Condition;
use crate::value::Value;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use uuid::Uuid;

/// Replaces columns of rows. Matching no row is no error: the count says it.
///
/// To change a member of a large set or one key of a map use [`Mutate`](crate::Mutate), which costs the same whatever the size.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    table: Arc<str>,
    rows: Rows,
    columns: Columns,
}

impl Update {
    /// The row with this uuid.
    pub fn row(table: &str, uuid: Uuid) -> Self {
        Update { table: table.into(), rows: Rows::one(uuid), columns: Columns::default() }
    }

    /// The rows that meet a condition.
    pub fn matching(table: &str, condition: Condition) -> Self {
        Update { table: table.into(), rows: Rows::matching(condition), columns: Columns::default() }
    }

    /// All rows of the table.
    pub fn every_row(table: &str) -> Self {
        Update { table: table.into(), rows: Rows::every(), columns: Columns::default() }
    }

    /// Narrows the rows to those that also meet this condition.
    #[must_use]
    pub fn and(mut self, condition: Condition) -> Self {
        self.rows.and(condition);
        self
    }

    /// Sets a column.
    #[must_use]
    pub fn set(mut self, column: &str, value: impl Into<Value>) -> Self {
        self.columns.set(column, value.into());
        self
    }

    pub(crate) fn table(&self) -> &Arc<str> {
        &self.table
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        self.columns.check()
    }

    pub(crate) fn to_json(&self) -> Json {
        json!({"op": "update", "table": &*self.table, "where": self.rows.to_json(), "row": self.columns.to_json()})
    }
}

impl From<Update> for Operation {
    fn from(update: Update) -> Self {
        Operation::Update(update)
    }
}
