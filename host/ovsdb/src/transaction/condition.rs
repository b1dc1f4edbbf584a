//! Which rows an operation or a monitor means.

use crate::row::Row;
use crate::value::{Atom, Value};
use serde_json::{Value as Json, json};
use std::cmp::Ordering;
use std::sync::Arc;
use uuid::Uuid;

/// How a condition compares a column with its value (RFC 7047 section 5.1, `<function>`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Less; integers and reals only.
    Less,
    /// Less or equal; integers and reals only.
    LessOrEqual,
    /// The same value.
    Equal,
    /// Another value.
    NotEqual,
    /// Greater or equal; integers and reals only.
    GreaterOrEqual,
    /// Greater; integers and reals only.
    Greater,
    /// The column holds all members of the value.
    Includes,
    /// The column holds no member of the value.
    Excludes,
}

impl Function {
    fn as_str(self) -> &'static str {
        match self {
            Function::Less => "<",
            Function::LessOrEqual => "<=",
            Function::Equal => "==",
            Function::NotEqual => "!=",
            Function::GreaterOrEqual => ">=",
            Function::Greater => ">",
            Function::Includes => "includes",
            Function::Excludes => "excludes",
        }
    }
}

/// One comparison of a column with a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    column: Arc<str>,
    function: Function,
    value: Value,
}

impl Condition {
    /// Compares `column` with `value`.
    pub fn new(column: &str, function: Function, value: impl Into<Value>) -> Self {
        Condition { column: column.into(), function, value: value.into() }
    }

    /// `column` holds exactly `value`.
    pub fn equal(column: &str, value: impl Into<Value>) -> Self {
        Condition::new(column, Function::Equal, value)
    }

    /// `column` holds anything but `value`.
    pub fn not_equal(column: &str, value: impl Into<Value>) -> Self {
        Condition::new(column, Function::NotEqual, value)
    }

    /// `column` holds at least the members of `value`.
    pub fn includes(column: &str, value: impl Into<Value>) -> Self {
        Condition::new(column, Function::Includes, value)
    }

    /// `column` holds none of the members of `value`.
    pub fn excludes(column: &str, value: impl Into<Value>) -> Self {
        Condition::new(column, Function::Excludes, value)
    }

    /// The row with this uuid: the only condition that every server answers from an index.
    pub fn row(uuid: Uuid) -> Self {
        Condition::equal("_uuid", uuid)
    }

    /// The column that is compared.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// The condition as JSON.
    pub fn to_json(&self) -> Json {
        json!([&*self.column, self.function.as_str(), self.value.to_json()])
    }

    /// Whether `row` meets the condition, judged as the server would; false if the row lacks the column.
    pub fn matches(&self, row: &Row) -> bool {
        if &*self.column == "_uuid" {
            return self.judge(&Value::from(row.uuid()));
        }
        row.value(&self.column).is_some_and(|held| self.judge(held))
    }

    fn judge(&self, held: &Value) -> bool {
        let (real_keys, real_values) = has_reals(held);
        let asked = self.value.with_reals(real_keys, real_values);
        match self.function {
            Function::Equal => held == &asked,
            Function::NotEqual => held != &asked,
            Function::Includes => shared(held, &asked) == count(&asked),
            Function::Excludes => shared(held, &asked) == 0,
            Function::Less => self.compare(held).is_some_and(Ordering::is_lt),
            Function::LessOrEqual => self.compare(held).is_some_and(Ordering::is_le),
            Function::GreaterOrEqual => self.compare(held).is_some_and(Ordering::is_ge),
            Function::Greater => self.compare(held).is_some_and(Ordering::is_gt),
        }
    }

    fn compare(&self, held: &Value) -> Option<Ordering> {
        match (held.as_atom()?, self.value.as_atom()?) {
            (Atom::Integer(held), Atom::Integer(asked)) => Some(held.cmp(asked)),
            (held, asked) => held.as_f64()?.partial_cmp(&asked.as_f64()?),
        }
    }
}

/// Whether the members or keys, and the values of a map, are reals.
fn has_reals(value: &Value) -> (bool, bool) {
    let real = |atom: &Atom| matches!(atom, Atom::Real(_));
    match value {
        Value::Set(set) => (set.iter().any(real), false),
        Value::Map(map) => (map.iter().any(|(key, _)| real(key)), map.iter().any(|(_, value)| real(value))),
    }
}

fn count(value: &Value) -> usize {
    match value {
        Value::Set(set) => set.len(),
        Value::Map(map) => map.len(),
    }
}

/// How many members of `asked` are in `held`.
fn shared(held: &Value, asked: &Value) -> usize {
    match (held, asked) {
        (Value::Set(held), Value::Set(asked)) => asked.iter().filter(|atom| held.contains(atom)).count(),
        (Value::Map(held), Value::Map(asked)) => {
            asked.iter().filter(|(key, value)| held.get_atom(key) == Some(value)).count()
        }
        _ => 0,
    }
}

/// The `where` of an operation. There is no way to mean every row by leaving something out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rows(Vec<Condition>);

impl Rows {
    pub(crate) fn every() -> Self {
        Rows(Vec::new())
    }

    pub(crate) fn one(uuid: Uuid) -> Self {
        Rows(vec![Condition::row(uuid)])
    }

    pub(crate) fn matching(first: Condition) -> Self {
        Rows(vec![first])
    }

    pub(crate) fn and(&mut self, condition: Condition) {
        self.0.push(condition);
    }

    pub(crate) fn to_json(&self) -> Json {
        self.0.iter().map(Condition::to_json).collect()
    }
}
