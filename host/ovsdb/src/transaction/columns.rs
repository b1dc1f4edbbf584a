//! Columns with the values that an operation gives them, and which values can be sent at all.

use crate::value::{Atom, Value};
use serde_json::{Map as JsonObject, Value as Json};
use std::sync::Arc;

/// Column names with values, in the order they were given; a later value of a column replaces an earlier one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Columns(Vec<(Arc<str>, Value)>);

impl Columns {
    pub(super) fn set(&mut self, column: &str, value: Value) {
        match self.0.iter_mut().find(|(name, _)| &**name == column) {
            Some((_, held)) => *held = value,
            None => self.0.push((column.into(), value)),
        }
    }

    pub(super) fn collect<'a, V: Into<Value>>(columns: impl IntoIterator<Item = (&'a str, V)>) -> Self {
        let mut collected = Columns::default();
        columns.into_iter().for_each(|(name, value)| collected.set(name, value.into()));
        collected
    }

    pub(super) fn names(&self) -> Vec<Arc<str>> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn check(&self) -> Result<(), String> {
        self.0.iter().try_for_each(|(column, value)| check_value(column, value))
    }

    pub(super) fn to_json(&self) -> Json {
        let columns = self.0.iter().map(|(name, value)| (name.to_string(), value.to_json()));
        Json::Object(columns.collect::<JsonObject<_, _>>())
    }
}

/// RFC 7047's `<id>`.
pub(super) fn is_id(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|next| next.is_ascii_alphanumeric() || next == '_')
}

/// JSON has no infinities, and OVSDB no NUL in strings: better said here than as a closed connection.
pub(super) fn check_value(column: &str, value: &Value) -> Result<(), String> {
    let bad = |atom: &Atom| match atom {
        Atom::Real(number) => !number.is_finite(),
        Atom::String(text) => text.contains('\0'),
        Atom::Named(name) => !is_id(name),
        _ => false,
    };
    let found = match value {
        Value::Set(set) => set.iter().any(bad),
        Value::Map(map) => map.iter().any(|(key, value)| bad(key) || bad(value)),
    };
    if found { Err(format!("column {column} cannot hold {}", value.to_json())) } else { Ok(()) }
}
