//! Between Rust's types and OVSDB's.

use super::{Atom, Map, Set, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use uuid::Uuid;

/// Types that one atom can be read as.
pub trait FromAtom<'a>: Sized {
    /// What is expected, for error messages.
    const EXPECTED: &'static str;

    /// The atom as this type, or nothing if it is of another type.
    fn from_atom(atom: &'a Atom) -> Option<Self>;
}

/// Types that a column can be read as; see [`Row::get`](crate::Row::get).
pub trait FromValue<'a>: Sized {
    /// What is expected, for error messages.
    const EXPECTED: &'static str;

    /// The value as this type, or nothing if it has another type or number of members.
    fn from_value(value: &'a Value) -> Option<Self>;
}

macro_rules! readable {
    ($($type:ty, $expected:literal, $read:expr;)*) => {$(
        impl<'a> FromAtom<'a> for $type {
            const EXPECTED: &'static str = $expected;

            fn from_atom(atom: &'a Atom) -> Option<Self> {
                let read: fn(&'a Atom) -> Option<Self> = $read;
                read(atom)
            }
        }

        impl<'a> FromValue<'a> for $type {
            const EXPECTED: &'static str = concat!("exactly one ", $expected);

            fn from_value(value: &'a Value) -> Option<Self> {
                value.as_atom().and_then(<$type>::from_atom)
            }
        }
    )*};
}

readable! {
    &'a str, "string", Atom::as_str;
    String, "string", |atom| atom.as_str().map(str::to_owned);
    i64, "integer", Atom::as_i64;
    i32, "32-bit integer", |atom| atom.as_i64()?.try_into().ok();
    u32, "unsigned 32-bit integer", |atom| atom.as_i64()?.try_into().ok();
    u16, "unsigned 16-bit integer", |atom| atom.as_i64()?.try_into().ok();
    f64, "number", Atom::as_f64;
    bool, "boolean", Atom::as_bool;
    Uuid, "uuid", Atom::as_uuid;
    &'a Atom, "atom", Some;
}

impl<'a, T: FromAtom<'a>> FromValue<'a> for Option<T> {
    const EXPECTED: &'static str = "at most one member of the asked type";

    fn from_value(value: &'a Value) -> Option<Self> {
        match value.as_set()?.as_slice() {
            [] => Some(None),
            [atom] => T::from_atom(atom).map(Some),
            _ => None,
        }
    }
}

impl<'a, T: FromAtom<'a>> FromValue<'a> for Vec<T> {
    const EXPECTED: &'static str = "a set of the asked type";

    fn from_value(value: &'a Value) -> Option<Self> {
        value.as_set()?.iter().map(T::from_atom).collect()
    }
}

impl<'a, T: FromAtom<'a> + Ord> FromValue<'a> for BTreeSet<T> {
    const EXPECTED: &'static str = "a set of the asked type";

    fn from_value(value: &'a Value) -> Option<Self> {
        value.as_set()?.iter().map(T::from_atom).collect()
    }
}

impl<'a, K: FromAtom<'a> + Ord, V: FromAtom<'a>> FromValue<'a> for BTreeMap<K, V> {
    const EXPECTED: &'static str = "a map of the asked types";

    fn from_value(value: &'a Value) -> Option<Self> {
        value.as_map()?.iter().map(|(key, value)| Some((K::from_atom(key)?, V::from_atom(value)?))).collect()
    }
}

impl<'a> FromValue<'a> for &'a Set {
    const EXPECTED: &'static str = "a set";

    fn from_value(value: &'a Value) -> Option<Self> {
        value.as_set()
    }
}

impl<'a> FromValue<'a> for &'a Map {
    const EXPECTED: &'static str = "a map";

    fn from_value(value: &'a Value) -> Option<Self> {
        value.as_map()
    }
}

macro_rules! writable {
    ($($type:ty, $write:expr;)*) => {$(
        impl From<$type> for Atom {
            fn from(value: $type) -> Self {
                let write: fn($type) -> Atom = $write;
                write(value)
            }
        }

        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Value::Set(Atom::from(value).into())
            }
        }
    )*};
}

writable! {
    &str, |text| Atom::String(text.into());
    String, |text| Atom::String(text.into());
    &String, |text| Atom::String(text.as_str().into());
    Arc<str>, Atom::String;
    i64, Atom::Integer;
    i32, |number| Atom::Integer(number.into());
    u32, |number| Atom::Integer(number.into());
    u16, |number| Atom::Integer(number.into());
    u8, |number| Atom::Integer(number.into());
    f64, Atom::Real;
    bool, Atom::Boolean;
    Uuid, Atom::Uuid;
}

impl From<Atom> for Value {
    fn from(atom: Atom) -> Self {
        Value::Set(atom.into())
    }
}

impl From<Set> for Value {
    fn from(set: Set) -> Self {
        Value::Set(set)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Value::Map(map)
    }
}

impl<T: Into<Atom>> From<Option<T>> for Value {
    fn from(optional: Option<T>) -> Self {
        Value::set(optional)
    }
}

impl<T: Into<Atom>> From<Vec<T>> for Value {
    fn from(members: Vec<T>) -> Self {
        Value::set(members)
    }
}

impl<K: Into<Atom>, V: Into<Atom>> From<BTreeMap<K, V>> for Value {
    fn from(entries: BTreeMap<K, V>) -> Self {
        Value::map(entries)
    }
}

impl<K: Into<Atom>, V: Into<Atom>> From<HashMap<K, V>> for Value {
    fn from(entries: HashMap<K, V>) -> Self {
        Value::map(entries)
    }
}
