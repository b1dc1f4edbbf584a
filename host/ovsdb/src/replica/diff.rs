//! What changed between two snapshots, when nobody said so.

use super::{RowChange, Snapshot, Table};
use std::sync::Arc;

/// The changes that lead from one snapshot to the other. Looks at every row.
pub(crate) fn diff(old: &Snapshot, new: &Snapshot) -> Vec<RowChange> {
    let nothing = Table::default();
    let mut changes = Vec::new();
    for (name, new_table) in new.tables().iter() {
        let old_table = old.table(name).unwrap_or(&nothing);
        if !std::ptr::eq(old_table, &**new_table) {
            diff_table(name, old_table, new_table, &mut changes);
        }
    }
    changes
}

fn diff_table(name: &Arc<str>, old: &Table, new: &Table, changes: &mut Vec<RowChange>) {
    for row in old.rows().filter(|row| new.row(row.uuid()).is_none()) {
        changes.push(RowChange::Deleted { table: name.clone(), old: row.clone() });
    }
    for row in new.rows() {
        let table = name.clone();
        match old.row(row.uuid()) {
            None => changes.push(RowChange::Inserted { table, new: row.clone() }),
            Some(old) if old == row => {}
            Some(old) => changes.push(RowChange::Modified { table, old: old.clone(), new: row.clone() }),
        }
    }
}
