//! Sets of atoms, scalars and optional values among them.

use super::Atom;
use std::sync::Arc;

/// A sorted set of atoms. Scalars cost no allocation; larger sets are shared between clones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set(Members);

// One form for each size, so that the derived comparisons are right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Members {
    None,
    One(Atom),
    Many(Arc<[Atom]>),
}

impl Set {
    /// The set without members.
    pub const EMPTY: Set = Set(Members::None);

    /// The members in ascending order.
    pub fn as_slice(&self) -> &[Atom] {
        match &self.0 {
            Members::None => &[],
            Members::One(atom) => std::slice::from_ref(atom),
            Members::Many(atoms) => atoms,
        }
    }

    /// The members in ascending order.
    pub fn iter(&self) -> std::slice::Iter<'_, Atom> {
        self.as_slice().iter()
    }

    /// How many members.
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// True without members.
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// True if `atom` is a member. Logarithmic.
    pub fn contains(&self, atom: &Atom) -> bool {
        self.as_slice().binary_search(atom).is_ok()
    }

    /// The members of exactly one of the two sets: how the server writes a change of a set.
    pub fn symmetric_difference(&self, other: &Set) -> Set {
        let mut atoms = self.as_slice().to_vec();
        for atom in other.iter() {
            match atoms.binary_search(atom) {
                Ok(at) => drop(atoms.remove(at)),
                Err(at) => atoms.insert(at, atom.clone()),
            }
        }
        Set::from_sorted(atoms)
    }

    fn from_sorted(mut atoms: Vec<Atom>) -> Set {
        Set(match atoms.len() {
            0 => Members::None,
            1 => atoms.pop().map_or(Members::None, Members::One),
            _ => Members::Many(atoms.into()),
        })
    }
}

impl<T: Into<Atom>> FromIterator<T> for Set {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        let mut atoms: Vec<Atom> = members.into_iter().map(Into::into).collect();
        atoms.sort_unstable();
        atoms.dedup();
        Set::from_sorted(atoms)
    }
}

impl From<Atom> for Set {
    fn from(atom: Atom) -> Self {
        Set(Members::One(atom))
    }
}

impl<'a> IntoIterator for &'a Set {
    type Item = &'a Atom;
    type IntoIter = std::slice::Iter<'a, Atom>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
