//! Which rows and columns a client keeps a copy of.

use crate::error::OptionsError;
use crate::transaction::Condition;
use std::sync::Arc;

/// The database that a client talks to, and what it keeps a copy of.
///
/// ```
/// use ovsdb::{MonitorSpec, TableSpec};
/// let spec = MonitorSpec::database("Open_vSwitch")
///     .table(TableSpec::new("Bridge").columns(["name", "ports"]).index("name"))
///     .table(TableSpec::new("Interface").columns(["name", "ofport", "error"]).index("name"));
/// ```
#[derive(Clone, Debug)]
pub struct MonitorSpec {
    pub(crate) database: Arc<str>,
    pub(crate) tables: Vec<TableSpec>,
}

impl MonitorSpec {
    /// A database, with a copy of nothing yet.
    pub fn database(database: &str) -> Self {
        MonitorSpec { database: database.into(), tables: Vec::new() }
    }

    /// Adds a table to the copy; a second one of the same name replaces the first.
    #[must_use]
    pub fn table(mut self, table: TableSpec) -> Self {
        self.tables.retain(|known| known.name != table.name);
        self.tables.push(table);
        self
    }

    pub(crate) fn check(&self) -> Result<(), OptionsError> {
        self.tables.iter().try_for_each(TableSpec::check)
    }
}

/// What to copy of a table.
#[derive(Clone, Debug)]
pub struct TableSpec {
    pub(crate) name: Arc<str>,
    pub(crate) columns: Vec<Arc<str>>,
    pub(crate) optional: Vec<Arc<str>>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) indexes: Vec<IndexSpec>,
}

/// A column, or one key of a column of type map, by whose values rows are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IndexSpec {
    pub(crate) column: Arc<str>,
    pub(crate) key: Option<Arc<str>>,
}

impl TableSpec {
    /// A table, with no columns yet.
    pub fn new(name: &str) -> Self {
        TableSpec {
            name: name.into(),
            columns: Vec::new(),
            optional: Vec::new(),
            conditions: Vec::new(),
            indexes: Vec::new(),
        }
    }

    /// Copies these columns. A server whose schema lacks one is not accepted.
    #[must_use]
    pub fn columns<'a>(mut self, columns: impl IntoIterator<Item = &'a str>) -> Self {
        self.columns.extend(columns.into_iter().map(Arc::from));
        self
    }

    /// Copies these columns if the server's schema has them: newer ones, which older releases lack.
    #[must_use]
    pub fn optional_columns<'a>(mut self, columns: impl IntoIterator<Item = &'a str>) -> Self {
        self.optional.extend(columns.into_iter().map(Arc::from));
        self
    }

    /// Copies only rows that meet this condition, on a copied column or `_uuid`; with several, rows that meet any of them.
    #[must_use]
    pub fn or_when(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// Finds rows by this copied column quickly; by each member, if it holds a set.
    #[must_use]
    pub fn index(mut self, column: &str) -> Self {
        self.indexes.push(IndexSpec { column: column.into(), key: None });
        self
    }

    /// Finds rows quickly by what this copied column of type map, such as `external_ids`, holds under a key.
    #[must_use]
    pub fn index_key(mut self, column: &str, key: &str) -> Self {
        self.indexes.push(IndexSpec { column: column.into(), key: Some(key.into()) });
        self
    }

    fn check(&self) -> Result<(), OptionsError> {
        let monitored = |column: &str| self.columns.iter().chain(&self.optional).any(|known| &**known == column);
        let condition_columns = self.conditions.iter().map(Condition::column).filter(|column| *column != "_uuid");
        let index_columns = self.indexes.iter().map(|index| &*index.column);
        match condition_columns.chain(index_columns).find(|column| !monitored(column)) {
            None => Ok(()),
            Some(column) => Err(OptionsError::Unmonitored { table: self.name.to_string(), column: column.to_owned() }),
        }
    }
}
