//! The copied rows of one table.

use super::index::Index;
use crate::monitor::TableSpec;
use crate::row::Row;
use crate::value::Atom;
use imbl::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// The copied rows of one table. Immutable: part of a [`Snapshot`](super::Snapshot).
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: HashMap<Uuid, Arc<Row>>,
    indexes: Vec<Index>,
}

impl Table {
    pub(crate) fn new(spec: &TableSpec) -> Self {
        Table { rows: HashMap::new(), indexes: spec.indexes.iter().cloned().map(Index::new).collect() }
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row with this uuid.
    pub fn row(&self, uuid: Uuid) -> Option<&Arc<Row>> {
        self.rows.get(&uuid)
    }

    /// All rows, in no particular order.
    pub fn rows(&self) -> impl Iterator<Item = &Arc<Row>> {
        self.rows.values()
    }

    /// The first row whose column holds this atom, alone or as a member of a set. Quick with an
    /// [index](TableSpec::index); otherwise every row is looked at.
    pub fn find(&self, column: &str, atom: impl Into<Atom>) -> Option<&Arc<Row>> {
        self.find_all(column, atom).into_iter().next()
    }

    /// The rows whose column holds this atom; see [`find`](Table::find).
    pub fn find_all(&self, column: &str, atom: impl Into<Atom>) -> Vec<&Arc<Row>> {
        let atom = atom.into();
        let holds =
            |row: &Row| row.value(column).and_then(|value| value.as_set()).is_some_and(|set| set.contains(&atom));
        self.search(column, None, &atom, holds)
    }

    /// The rows whose column of type map holds this atom under this key. Quick with an
    /// [index](TableSpec::index_key); otherwise every row is looked at.
    pub fn find_key(&self, column: &str, key: &str, atom: impl Into<Atom>) -> Vec<&Arc<Row>> {
        let atom = atom.into();
        let holds = |row: &Row| row.value(column).and_then(|value| value.as_map()?.get(key)) == Some(&atom);
        self.search(column, Some(key), &atom, holds)
    }

    fn search(&self, column: &str, key: Option<&str>, atom: &Atom, holds: impl Fn(&Row) -> bool) -> Vec<&Arc<Row>> {
        match self.indexes.iter().find(|index| index.is_for(column, key)) {
            Some(index) => index.find(atom).filter_map(|uuid| self.row(uuid)).collect(),
            None => self.rows().filter(|row| holds(row)).collect(),
        }
    }

    /// Puts a row in or takes it out; what was there before is given back.
    pub(crate) fn replace(&mut self, uuid: Uuid, new: Option<&Arc<Row>>) -> Option<Arc<Row>> {
        let old = match new {
            Some(row) => self.rows.insert(uuid, row.clone()),
            None => self.rows.remove(&uuid),
        };
        for index in &mut self.indexes {
            index.replace(uuid, old.as_deref(), new.map(|row| &**row));
        }
        old
    }
}
