//! `mutate`: changes columns relative to what they hold.

use super::columns::check_value;
use super::{Operation, condition::Rows};
use crate::transaction::Condition;
use crate::value::Value;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use uuid::Uuid;

/// What a mutation does (RFC 7047 section 5.1, `<mutator>`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutator {
    /// Adds a number.
    Add,
    /// Subtracts a number.
    Subtract,
    /// Multiplies by a number.
    Multiply,
    /// Divides by a number.
    Divide,
    /// The remainder of a division; integers only.
    Modulo,
    /// Adds members to a set or entries to a map; a key that is there keeps its old value.
    Insert,
    /// Removes members of a set, or entries of a map by key (a set) or by key and value (a map).
    Delete,
}

impl Mutator {
    fn as_str(self) -> &'static str {
        match self {
            Mutator::Add => "+=",
            Mutator::Subtract => "-=",
            Mutator::Multiply => "*=",
            Mutator::Divide => "/=",
            Mutator::Modulo => "%=",
            Mutator::Insert => "insert",
            Mutator::Delete => "delete",
        }
    }
}

/// Changes columns of rows relative to what they hold. Matching no row is no error: the count says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mutate {
    table: Arc<str>,
    rows: Rows,
    mutations: Vec<(Arc<str>, Mutator, Value)>,
}

impl Mutate {
    /// The row with this uuid.
    pub fn row(table: &str, uuid: Uuid) -> Self {
        Mutate { table: table.into(), rows: Rows::one(uuid), mutations: Vec::new() }
    }

    /// The rows that meet a condition.
    pub fn matching(table: &str, condition: Condition) -> Self {
        Mutate { table: table.into(), rows: Rows::matching(condition), mutations: Vec::new() }
    }

    /// All rows of the table.
    pub fn every_row(table: &str) -> Self {
        Mutate { table: table.into(), rows: Rows::every(), mutations: Vec::new() }
    }

    /// Narrows the rows to those that also meet this condition.
    #[must_use]
    pub fn and(mut self, condition: Condition) -> Self {
        self.rows.and(condition);
        self
    }

    /// Adds a mutation; they are done in order.
    #[must_use]
    pub fn mutation(mut self, column: &str, mutator: Mutator, value: impl Into<Value>) -> Self {
        self.mutations.push((column.into(), mutator, value.into()));
        self
    }

    /// Adds a number to a column.
    #[must_use]
    pub fn add(self, column: &str, number: impl Into<Value>) -> Self {
        self.mutation(column, Mutator::Add, number)
    }

    /// Adds members to a set, or entries to a map for keys that are not there yet.
    #[must_use]
    pub fn insert(self, column: &str, members: impl Into<Value>) -> Self {
        self.mutation(column, Mutator::Insert, members)
    }

    /// Removes members of a set, or entries of a map by key (a set) or by key and value (a map).
    #[must_use]
    pub fn delete(self, column: &str, members: impl Into<Value>) -> Self {
        self.mutation(column, Mutator::Delete, members)
    }

    /// Sets one key of a map of strings, whether or not it is there.
    #[must_use]
    pub fn put(self, column: &str, key: &str, value: &str) -> Self {
        self.delete(column, key).insert(column, Value::map([(key, value)]))
    }

    pub(crate) fn table(&self) -> &Arc<str> {
        &self.table
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        self.mutations.iter().try_for_each(|(column, _, value)| check_value(column, value))
    }

    pub(crate) fn to_json(&self) -> Json {
        let mutations: Vec<Json> = self
            .mutations
            .iter()
            .map(|(column, mutator, value)| json!([&**column, mutator.as_str(), value.to_json()]))
            .collect();
        json!({"op": "mutate", "table": &*self.table, "where": self.rows.to_json(), "mutations": mutations})
    }
}

impl From<Mutate> for Operation {
    fn from(mutate: Mutate) -> Self {
        Operation::Mutate(mutate)
    }
}
