//! What a column holds.
//!
//! A column's value is a set of atoms or a map of atoms to atoms; a scalar is a set with exactly one member, an absent
//! optional value is the empty set. RFC 7047 allows a set of one to be written as the bare atom, and Open vSwitch
//! does so. Keeping one form for both means that two equal values always compare equal, whoever wrote them.

mod atom;
mod convert;
mod json;
mod map;
mod set;

pub use atom::Atom;
pub use convert::{FromAtom, FromValue};
pub use json::DecodeError;
pub use map::Map;
pub use set::Set;
use uuid::Uuid;

/// The value of one column of one row. Cheap to clone: large sets and maps are shared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A scalar (one member), an optional value (at most one) or a set.
    Set(Set),
    /// Keys to values.
    Map(Map),
}

impl Value {
    /// A set of the given members; duplicates are dropped.
    pub fn set<T: Into<Atom>>(members: impl IntoIterator<Item = T>) -> Self {
        Value::Set(members.into_iter().collect())
    }

    /// A map of the given entries; the last entry of a key wins.
    pub fn map<K: Into<Atom>, V: Into<Atom>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Value::Map(entries.into_iter().collect())
    }

    /// The empty set, which is also how an absent optional value is written.
    pub const fn empty() -> Self {
        Value::Set(Set::EMPTY)
    }

    /// The map with no entries.
    pub const fn empty_map() -> Self {
        Value::Map(Map::EMPTY)
    }

    /// True for a set or map without members.
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Set(set) => set.is_empty(),
            Value::Map(map) => map.is_empty(),
        }
    }

    /// The only member, if this is a set of one.
    pub fn as_atom(&self) -> Option<&Atom> {
        match self.as_set()?.as_slice() {
            [atom] => Some(atom),
            _ => None,
        }
    }

    /// The set, unless this is a map.
    pub fn as_set(&self) -> Option<&Set> {
        match self {
            Value::Set(set) => Some(set),
            Value::Map(_) => None,
        }
    }

    /// The map, unless this is a set.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            Value::Set(_) => None,
        }
    }

    /// The string, if this is exactly one string.
    pub fn as_str(&self) -> Option<&str> {
        self.as_atom()?.as_str()
    }

    /// The integer, if this is exactly one integer.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_atom()?.as_i64()
    }

    /// The number, if this is exactly one real or integer.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_atom()?.as_f64()
    }

    /// The boolean, if this is exactly one boolean.
    pub fn as_bool(&self) -> Option<bool> {
        self.as_atom()?.as_bool()
    }

    /// The uuid, if this is exactly one uuid.
    pub fn as_uuid(&self) -> Option<Uuid> {
        self.as_atom()?.as_uuid()
    }

    /// The string that a map of strings holds under `key`, such as `external_ids:iface-id`.
    pub fn entry(&self, key: &str) -> Option<&str> {
        self.as_map()?.get(key)?.as_str()
    }

    /// The value with its integers as reals: members or keys, or the values of a map. On the wire whole reals look like
    /// integers.
    pub(crate) fn with_reals(&self, keys: bool, values: bool) -> Value {
        let convert = |real: bool, atom: &Atom| match atom.as_f64() {
            Some(number) if real => Atom::Real(number),
            _ => atom.clone(),
        };
        match self {
            Value::Set(set) => Value::set(set.iter().map(|atom| convert(keys, atom))),
            Value::Map(map) => Value::map(map.iter().map(|(key, value)| (convert(keys, key), convert(values, value)))),
        }
    }

    /// The uuids in a set; other members are passed over.
    pub fn uuids(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.as_set().into_iter().flat_map(Set::iter).filter_map(Atom::as_uuid)
    }
}
