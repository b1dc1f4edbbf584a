//! The copy of the monitored rows.
//!
//! Tables are persistent maps: changing one row of a table copies a few nodes of the map, so that a snapshot costs nothing
//! and an update costs the same whatever the size of the table.

mod diff;
mod index;
mod layout;
mod snapshot;
mod table;
mod update;

use crate::row::Row;
pub(crate) use diff::diff;
pub(crate) use layout::{Layout, Layouts};
pub use snapshot::Snapshot;
use std::sync::Arc;
pub use table::Table;
pub(crate) use update::{Notation, Replica};

/// A change of one copied row. Columns that are not copied do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowChange {
    /// A row came, or began to meet the monitor's conditions.
    Inserted {
        /// The table.
        table: Arc<str>,
        /// The row.
        new: Arc<Row>,
    },
    /// Columns of a row changed.
    Modified {
        /// The table.
        table: Arc<str>,
        /// The row as it was.
        old: Arc<Row>,
        /// The row as it is.
        new: Arc<Row>,
    },
    /// A row went, or ceased to meet the monitor's conditions.
    Deleted {
        /// The table.
        table: Arc<str>,
        /// The row as it was.
        old: Arc<Row>,
    },
}

impl RowChange {
    /// The table.
    pub fn table(&self) -> &str {
        match self {
            RowChange::Inserted { table, .. }
            | RowChange::Modified { table, .. }
            | RowChange::Deleted { table, .. } => table,
        }
    }

    /// The row as it was, unless it is new.
    pub fn before(&self) -> Option<&Arc<Row>> {
        match self {
            RowChange::Inserted { .. } => None,
            RowChange::Modified { old, .. } | RowChange::Deleted { old, .. } => Some(old),
        }
    }

    /// The row as it is, unless it is gone.
    pub fn after(&self) -> Option<&Arc<Row>> {
        match self {
            RowChange::Inserted { new, .. } | RowChange::Modified { new, .. } => Some(new),
            RowChange::Deleted { .. } => None,
        }
    }
}
