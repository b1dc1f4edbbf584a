//! The copy at one moment.

use super::table::Table;
use crate::row::Row;
use crate::value::Atom;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// All copied rows at one moment: between two transactions, never inside one. Cheap to take and to clone; it stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    version: u64,
    tables: Arc<BTreeMap<Arc<str>, Arc<Table>>>,
}

impl Snapshot {
    pub(crate) fn new(version: u64, tables: Arc<BTreeMap<Arc<str>, Arc<Table>>>) -> Self {
        Snapshot { version, tables }
    }

    /// Grows with each change of the copy or of the connection; snapshots of one client can be ordered by it.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// A copied table; nothing if the monitor does not name it.
    pub fn table(&self, table: &str) -> Option<&Table> {
        self.tables.get(table).map(|table| &**table)
    }

    /// The row with this uuid.
    pub fn row(&self, table: &str, uuid: Uuid) -> Option<&Arc<Row>> {
        self.table(table)?.row(uuid)
    }

    /// The rows of a table, in no particular order.
    pub fn rows(&self, table: &str) -> impl Iterator<Item = &Arc<Row>> {
        self.table(table).into_iter().flat_map(Table::rows)
    }

    /// The first row whose column holds this atom; see [`Table::find`].
    pub fn find(&self, table: &str, column: &str, atom: impl Into<Atom>) -> Option<&Arc<Row>> {
        self.table(table)?.find(column, atom)
    }

    pub(crate) fn tables(&self) -> &Arc<BTreeMap<Arc<str>, Arc<Table>>> {
        &self.tables
    }
}
