//! `select`: reads rows.

use super::{Operation, condition::Rows};
use crate::transaction::Condition;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use uuid::Uuid;

/// Reads rows, as they are at this point of the transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    table: Arc<str>,
    rows: Rows,
    columns: Option<Vec<String>>,
}

impl Select {
    /// The row with this uuid.
    pub fn row(table: &str, uuid: Uuid) -> Self {
        Select { table: table.into(), rows: Rows::one(uuid), columns: None }
    }

    /// The rows that meet a condition.
    pub fn matching(table: &str, condition: Condition) -> Self {
        Select { table: table.into(), rows: Rows::matching(condition), columns: None }
    }

    /// All rows of the table.
    pub fn every_row(table: &str) -> Self {
        Select { table: table.into(), rows: Rows::every(), columns: None }
    }

    /// Narrows the rows to those that also meet this condition.
    #[must_use]
    pub fn and(mut self, condition: Condition) -> Self {
        self.rows.and(condition);
        self
    }

    /// Reads these columns instead of all. `_uuid` is always among them: without it the server would show rows that are
    /// equal in the other columns only once.
    #[must_use]
    pub fn columns<'a>(mut self, columns: impl IntoIterator<Item = &'a str>) -> Self {
        let mut columns: Vec<String> = columns.into_iter().map(str::to_owned).collect();
        if !columns.iter().any(|column| column == "_uuid") {
            columns.push("_uuid".to_owned());
        }
        self.columns = Some(columns);
        self
    }

    pub(crate) fn table(&self) -> &Arc<str> {
        &self.table
    }

    pub(crate) fn to_json(&self) -> Json {
        let mut json = json!({"op": "select", "table": &*self.table, "where": self.rows.to_json()});
        if let Some(columns) = &self.columns {
            json["columns"] = json!(columns);
        }
        json
    }
}

impl From<Select> for Operation {
    fn from(select: Select) -> Self {
        Operation::Select(select)
    }
}
