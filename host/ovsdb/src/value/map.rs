//! Maps of atoms to atoms, such as `external_ids`.

use super::Atom;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A map sorted by key; shared between clones.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Map(Option<Arc<[(Atom, Atom)]>>);

impl Map {
    /// The map without entries.
    pub const EMPTY: Map = Map(None);

    /// The entries in ascending order of their keys.
    pub fn as_slice(&self) -> &[(Atom, Atom)] {
        self.0.as_deref().unwrap_or(&[])
    }

    /// The entries in ascending order of their keys.
    pub fn iter(&self) -> std::slice::Iter<'_, (Atom, Atom)> {
        self.as_slice().iter()
    }

    /// How many entries.
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// True without entries.
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// What a string key leads to. Logarithmic.
    pub fn get(&self, key: &str) -> Option<&Atom> {
        // All keys of a map have one type, so a map without string keys just finds nothing.
        let at = self.as_slice().binary_search_by(|(known, _)| known.as_str().cmp(&Some(key))).ok()?;
        Some(&self.as_slice()[at].1)
    }

    /// What a key of any type leads to. Logarithmic.
    pub fn get_atom(&self, key: &Atom) -> Option<&Atom> {
        let at = self.as_slice().binary_search_by(|(known, _)| known.cmp(key)).ok()?;
        Some(&self.as_slice()[at].1)
    }

    /// Applies a change as the server writes it: an entry that is there goes, one that differs is replaced, others come.
    pub fn apply_difference(&self, difference: &Map) -> Map {
        let mut entries: BTreeMap<Atom, Atom> = self.iter().cloned().collect();
        for (key, value) in difference.iter() {
            if entries.get(key) == Some(value) {
                entries.remove(key);
            } else {
                entries.insert(key.clone(), value.clone());
            }
        }
        entries.into_iter().collect()
    }
}

impl<K: Into<Atom>, V: Into<Atom>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let entries: BTreeMap<Atom, Atom> =
            entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        if entries.is_empty() { Map::EMPTY } else { Map(Some(entries.into_iter().collect())) }
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a (Atom, Atom);
    type IntoIter = std::slice::Iter<'a, (Atom, Atom)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
