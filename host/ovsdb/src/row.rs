//! One row, of the copy or of a `select`.

use crate::value::{DecodeError, FromValue, Value};
use serde_json::Value as Json;
use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

/// The names of a row's columns in ascending order, shared by the rows of a table.
pub(crate) type ColumnNames = Arc<[Arc<str>]>;

/// A row: its uuid and the columns that were asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    uuid: Uuid,
    names: ColumnNames,
    values: Box<[Value]>,
}

/// A column that is not there or not of the asked type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnError {
    /// The column was neither monitored nor selected, or the server's schema lacks it.
    #[error("row {row} has no column {column}")]
    Missing {
        /// The row.
        row: Uuid,
        /// The column.
        column: String,
    },
    /// The column holds something else.
    #[error("column {column} of row {row} is not {expected}: {found}")]
    Mismatch {
        /// The row.
        row: Uuid,
        /// The column.
        column: String,
        /// What was asked for.
        expected: &'static str,
        /// What is there, as JSON.
        found: String,
    },
}

impl Row {
    pub(crate) fn new(uuid: Uuid, names: ColumnNames, values: Box<[Value]>) -> Self {
        debug_assert_eq!(names.len(), values.len());
        Row { uuid, names, values }
    }

    /// Reads a row of a `select` reply, whose columns are an object with `_uuid` among them.
    pub(crate) fn from_select(json: &Json) -> Result<Self, DecodeError> {
        let malformed = || DecodeError::new("row with _uuid", json);
        let mut columns: Vec<(&String, &Json)> = json.as_object().ok_or_else(malformed)?.iter().collect();
        columns.sort_unstable_by_key(|(name, _)| *name);
        let names = columns.iter().map(|(name, _)| Arc::from(name.as_str())).collect();
        let values = columns.iter().map(|(_, value)| Value::from_json(value)).collect::<Result<Vec<_>, _>>()?;
        let mut row = Row::new(Uuid::nil(), names, values.into());
        row.uuid = row.value("_uuid").and_then(Value::as_uuid).ok_or_else(malformed)?;
        Ok(row)
    }

    /// The row's uuid.
    pub fn uuid(&self) -> Uuid {
        self.uuid
    }

    /// A column's value as it is, or nothing if the row has no such column.
    pub fn value(&self, column: &str) -> Option<&Value> {
        let at = self.names.binary_search_by(|name| (**name).cmp(column)).ok()?;
        Some(&self.values[at])
    }

    /// A column read as a Rust type: a scalar, an `Option`, a `Vec`, a `BTreeSet`, a `BTreeMap`.
    ///
    /// ```
    /// # fn f(row: &ovsdb::Row) -> Result<(), ovsdb::ColumnError> {
    /// let name: &str = row.get("name")?;
    /// let ofport: Option<i64> = row.get("ofport")?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If the column is not there or holds another type or number of members.
    pub fn get<'a, T: FromValue<'a>>(&'a self, column: &str) -> Result<T, ColumnError> {
        let missing = || ColumnError::Missing { row: self.uuid, column: column.to_owned() };
        let value = self.value(column).ok_or_else(missing)?;
        T::from_value(value).ok_or_else(|| ColumnError::Mismatch {
            row: self.uuid,
            column: column.to_owned(),
            expected: T::EXPECTED,
            found: value.to_json().to_string(),
        })
    }

    /// The string that a column of type map holds under a key, if it is there.
    pub fn entry(&self, column: &str, key: &str) -> Option<&str> {
        self.value(column)?.entry(key)
    }

    /// The columns with their values, in ascending order of their names.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.names.iter().map(|name| &**name).zip(self.values.iter())
    }

    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.uuid)?;
        let mut columns = f.debug_map();
        for (name, value) in self.columns() {
            columns.entry(&format_args!("{name}"), &format_args!("{}", value.to_json()));
        }
        columns.finish()
    }
}
