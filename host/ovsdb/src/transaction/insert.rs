//! `insert`: a new row.

use super::Operation;
use super::columns::{Columns, is_id};
use crate::value::Value;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use uuid::Uuid;

/// Inserts a row. Columns that are not set get the default of their type.
///
/// A row of a table that is not a root (`Port`, `Interface`) must be referenced by the same transaction: otherwise the
/// server answers with a uuid and collects the row as garbage at the commit.
#[derive(Clone, Debug, PartialEq)]
pub struct Insert {
    table: Arc<str>,
    uuid: Option<Uuid>,
    uuid_name: Option<String>,
    columns: Columns,
}

impl Insert {
    /// A row for this table.
    pub fn into(table: &str) -> Self {
        Insert { table: table.into(), uuid: None, uuid_name: None, columns: Columns::default() }
    }

    /// Chooses the row's uuid (Open vSwitch 2.13 and later). Sending the insert again, after an
    /// [unknown](crate::Error::is_unknown) outcome, then fails as a [duplicate](crate::Error::is_duplicate) instead of
    /// making a second row.
    #[must_use]
    pub fn uuid(mut self, uuid: Uuid) -> Self {
        self.uuid = Some(uuid);
        self
    }

    /// A name for references from this transaction, see [`Atom::named`](crate::Atom::named): letters, digits and `_`.
    #[must_use]
    pub fn uuid_name(mut self, name: impl Into<String>) -> Self {
        self.uuid_name = Some(name.into());
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
        match &self.uuid_name {
            Some(name) if !is_id(name) => {
                Err(format!("uuid-name {name:?} may only have letters, digits and _, and no digit first"))
            }
            _ => self.columns.check(),
        }
    }

    pub(crate) fn to_json(&self) -> Json {
        let mut json = json!({"op": "insert", "table": &*self.table, "row": self.columns.to_json()});
        if let Some(uuid) = &self.uuid {
            json["uuid"] = json!(uuid);
        }
        if let Some(name) = &self.uuid_name {
            json["uuid-name"] = json!(name);
        }
        json
    }
}

impl From<Insert> for Operation {
    fn from(insert: Insert) -> Self {
        Operation::Insert(insert)
    }
}
