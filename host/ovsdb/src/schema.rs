//! A database's schema: which tables and columns there are, and what the columns hold (RFC 7047 section 3.2).

use crate::value::{Atom, Value};
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A database's schema, as the server has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Schema {
    /// The database's name.
    pub name: String,
    /// The schema's version, such as `8.3.1`.
    #[serde(default)]
    pub version: String,
    /// The tables by name.
    pub tables: BTreeMap<String, TableSchema>,
}

/// A table of a schema.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TableSchema {
    /// The columns by name.
    pub columns: BTreeMap<String, ColumnSchema>,
    /// Rows of root tables stay without being referenced.
    #[serde(default)]
    pub is_root: bool,
    /// Sets of columns that no two rows may hold the same values in.
    #[serde(default)]
    pub indexes: Vec<Vec<String>>,
}

/// A column of a schema.
#[derive(Clone, Debug, Deserialize)]
pub struct ColumnSchema {
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Whether it is forgotten when the server restarts.
    #[serde(default)]
    pub ephemeral: bool,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "WireType")]
pub struct ColumnType {
    /// The type of the members, or of the keys of a map.
    pub key: AtomKind,
    /// The type of the values of a map.
    pub value: Option<AtomKind>,
    /// The least number of members.
    pub min: u64,
    /// The greatest number of members; none means no limit.
    pub max: Option<u64>,
}

/// The type of an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AtomKind {
    /// A 64-bit integer.
    Integer,
    /// A double.
    Real,
    /// A boolean.
    Boolean,
    /// A string.
    String,
    /// A uuid.
    Uuid,
}

impl Schema {
    /// A column, if there is one.
    pub fn column(&self, table: &str, column: &str) -> Option<&ColumnSchema> {
        self.tables.get(table)?.columns.get(column)
    }
}

impl ColumnType {
    /// Whether a change of the column is written as its new value rather than as a difference.
    pub(crate) fn is_replaced_whole(&self) -> bool {
        self.max == Some(1)
    }

    /// What a column holds that was never set; the server leaves such columns out of new rows.
    pub(crate) fn default_value(&self) -> Value {
        match (self.value, self.min) {
            (None, 0) => Value::empty(),
            (None, _) => Value::from(self.key.default_atom()),
            (Some(_), 0) => Value::empty_map(),
            (Some(value), _) => Value::map([(self.key.default_atom(), value.default_atom())]),
        }
    }

    /// Puts a value into the column's form: the empty map is also written as a set, and whole reals as integers.
    pub(crate) fn normalize(&self, value: Value) -> Value {
        let (real_keys, real_values) = (self.key == AtomKind::Real, self.value == Some(AtomKind::Real));
        match value {
            Value::Set(set) if set.is_empty() && self.value.is_some() => Value::empty_map(),
            value if real_keys || real_values => value.with_reals(real_keys, real_values),
            value => value,
        }
    }
}

impl AtomKind {
    fn default_atom(self) -> Atom {
        match self {
            AtomKind::Integer => Atom::Integer(0),
            AtomKind::Real => Atom::Real(0.0),
            AtomKind::Boolean => Atom::Boolean(false),
            AtomKind::String => Atom::from(""),
            AtomKind::Uuid => Atom::Uuid(Uuid::nil()),
        }
    }
}

/// The forms in which RFC 7047 allows a type to be written.
#[derive(Deserialize)]
#[serde(untagged)]
enum WireType {
    Atomic(AtomKind),
    Full {
        key: WireBase,
        value: Option<WireBase>,
        #[serde(default = "one")]
        min: u64,
        #[serde(default)]
        max: WireMax,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WireBase {
    Kind(AtomKind),
    Full {
        #[serde(rename = "type")]
        kind: AtomKind,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WireMax {
    Count(u64),
    Unlimited(Unlimited),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Unlimited {
    Unlimited,
}

fn one() -> u64 {
    1
}

impl Default for WireMax {
    fn default() -> Self {
        WireMax::Count(1)
    }
}

impl WireBase {
    fn kind(&self) -> AtomKind {
        match self {
            WireBase::Kind(kind) | WireBase::Full { kind } => *kind,
        }
    }
}

impl From<WireType> for ColumnType {
    fn from(wire: WireType) -> Self {
        match wire {
            WireType::Atomic(key) => ColumnType { key, value: None, min: 1, max: Some(1) },
            WireType::Full { key, value, min, max } => ColumnType {
                key: key.kind(),
                value: value.as_ref().map(WireBase::kind),
                min,
                max: match max {
                    WireMax::Count(count) => Some(count),
                    WireMax::Unlimited(Unlimited::Unlimited) => None,
                },
            },
        }
    }
}
