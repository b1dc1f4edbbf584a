//! The smallest values.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use uuid::Uuid;

/// One integer, real, boolean, string or uuid, or a name standing for the uuid of a row inserted in the same transaction.
#[derive(Clone, Debug)]
pub enum Atom {
    /// A signed 64-bit integer.
    Integer(i64),
    /// A finite double. The server writes whole numbers without a fraction; a monitored copy turns them back into reals.
    Real(f64),
    /// A boolean.
    Boolean(bool),
    /// A string without NUL characters.
    String(Arc<str>),
    /// The uuid of a row.
    Uuid(Uuid),
    /// The `uuid-name` of an [`Insert`](crate::Insert) of the same transaction. The server never sends one.
    Named(Arc<str>),
}

impl Atom {
    /// A reference to the row that the same transaction inserts under this `uuid-name`.
    pub fn named(name: impl AsRef<str>) -> Self {
        Atom::Named(name.as_ref().into())
    }

    /// The integer, if it is one.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Atom::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The number as a double, if it is a real or an integer.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Atom::Real(number) => Some(*number),
            Atom::Integer(number) => Some(*number as f64),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Atom::Boolean(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Atom::String(text) => Some(text),
            _ => None,
        }
    }

    /// The uuid, if it is one.
    pub fn as_uuid(&self) -> Option<Uuid> {
        match self {
            Atom::Uuid(uuid) => Some(*uuid),
            _ => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Atom::Integer(_) => 0,
            Atom::Real(_) => 1,
            Atom::Boolean(_) => 2,
            Atom::String(_) => 3,
            Atom::Uuid(_) => 4,
            Atom::Named(_) => 5,
        }
    }
}

// Reals are ordered by their bits (`total_cmp`), so that atoms can be sorted, searched and hashed.
impl Ord for Atom {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Atom::Integer(a), Atom::Integer(b)) => a.cmp(b),
            (Atom::Real(a), Atom::Real(b)) => a.total_cmp(b),
            (Atom::Boolean(a), Atom::Boolean(b)) => a.cmp(b),
            (Atom::String(a), Atom::String(b)) | (Atom::Named(a), Atom::Named(b)) => a.cmp(b),
            (Atom::Uuid(a), Atom::Uuid(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Atom {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Atom {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Atom {}

impl Hash for Atom {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rank().hash(state);
        match self {
            Atom::Integer(number) => number.hash(state),
            Atom::Real(number) => number.to_bits().hash(state),
            Atom::Boolean(flag) => flag.hash(state),
            Atom::String(text) | Atom::Named(text) => text.hash(state),
            Atom::Uuid(uuid) => uuid.hash(state),
        }
    }
}
