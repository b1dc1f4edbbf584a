//! Finding rows by what a column holds.

use crate::monitor::IndexSpec;
use crate::row::Row;
use crate::value::{Atom, Set, Value};
use imbl::OrdSet;
use uuid::Uuid;

/// The rows of a table by the members of one column, or by what a map holds under one key.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    spec: IndexSpec,
    entries: OrdSet<(Atom, Uuid)>,
}

impl Index {
    pub(crate) fn new(spec: IndexSpec) -> Self {
        Index { spec, entries: OrdSet::new() }
    }

    pub(crate) fn is_for(&self, column: &str, key: Option<&str>) -> bool {
        &*self.spec.column == column && self.spec.key.as_deref() == key
    }

    /// The rows under `atom`, in ascending order of their uuids.
    pub(crate) fn find(&self, atom: &Atom) -> impl Iterator<Item = Uuid> + '_ {
        let range = (atom.clone(), Uuid::nil())..=(atom.clone(), Uuid::max());
        self.entries.range(range).map(|(_, uuid)| *uuid)
    }

    /// Takes notice of a change of a row. Costs as many steps as members came and went.
    pub(crate) fn replace(&mut self, uuid: Uuid, old: Option<&Row>, new: Option<&Row>) {
        let held_before = old.and_then(|row| row.value(&self.spec.column));
        let held_after = new.and_then(|row| row.value(&self.spec.column));
        if held_before == held_after {
            return;
        }
        let before = self.keys(held_before);
        let after = self.keys(held_after);
        for atom in before.iter().filter(|atom| !after.contains(atom)) {
            self.entries.remove(&(atom.clone(), uuid));
        }
        for atom in after.iter().filter(|atom| !before.contains(atom)) {
            self.entries.insert((atom.clone(), uuid));
        }
    }

    fn keys(&self, value: Option<&Value>) -> Set {
        match (value, &self.spec.key) {
            (Some(Value::Set(set)), None) => set.clone(),
            (Some(Value::Map(map)), Some(key)) => map.get(key).cloned().into_iter().collect(),
            _ => Set::EMPTY,
        }
    }
}
