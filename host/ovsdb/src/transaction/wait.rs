//! `wait`: goes on only while, or once, the database looks as expected.

use super::columns::Columns;
use super::{Operation, condition::Rows};
use crate::transaction::Condition;
use crate::value::Value;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// A guard: the transaction fails ([`is_guard_failed`](crate::Error::is_guard_failed)) unless the rows that are meant
/// look as expected, at once or within [`timeout`](Wait::timeout).
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    table: Arc<str>,
    rows: Rows,
    columns: Vec<Arc<str>>,
    equal: bool,
    expected: Vec<Columns>,
    timeout: Duration,
}

impl Wait {
    fn on(table: &str, rows: Rows) -> Self {
        Wait {
            table: table.into(),
            rows,
            columns: vec!["_uuid".into()],
            equal: true,
            expected: Vec::new(),
            timeout: Duration::ZERO,
        }
    }

    /// The row with this uuid exists.
    pub fn row_exists(table: &str, uuid: Uuid) -> Self {
        let mut wait = Wait::on(table, Rows::one(uuid));
        wait.equal = false;
        wait
    }

    /// The row with this uuid is gone.
    pub fn row_gone(table: &str, uuid: Uuid) -> Self {
        Wait::on(table, Rows::one(uuid))
    }

    /// Some row meets a condition.
    pub fn some_row(table: &str, condition: Condition) -> Self {
        let mut wait = Wait::on(table, Rows::matching(condition));
        wait.equal = false;
        wait
    }

    /// No row meets a condition: what makes an insert happen only once.
    pub fn no_row(table: &str, condition: Condition) -> Self {
        Wait::on(table, Rows::matching(condition))
    }

    /// The row with this uuid holds these values in these columns.
    pub fn row_holds<'a, V: Into<Value>>(
        table: &str,
        uuid: Uuid,
        columns: impl IntoIterator<Item = (&'a str, V)>,
    ) -> Self {
        Wait::on(table, Rows::one(uuid)).until([columns])
    }

    /// The rows that meet a condition are exactly these, looking at the given columns only.
    pub fn rows_are<'a, V, R>(table: &str, condition: Condition, expected: impl IntoIterator<Item = R>) -> Self
    where
        V: Into<Value>,
        R: IntoIterator<Item = (&'a str, V)>,
    {
        Wait::on(table, Rows::matching(condition)).until(expected)
    }

    fn until<'a, V, R>(mut self, expected: impl IntoIterator<Item = R>) -> Self
    where
        V: Into<Value>,
        R: IntoIterator<Item = (&'a str, V)>,
    {
        self.expected = expected.into_iter().map(Columns::collect).collect();
        if let Some(first) = self.expected.first() {
            self.columns = first.names();
        }
        self
    }

    /// Turns the expectation round.
    #[must_use]
    pub fn negate(mut self) -> Self {
        self.equal = !self.equal;
        self
    }

    /// Narrows the rows to those that also meet this condition.
    #[must_use]
    pub fn and(mut self, condition: Condition) -> Self {
        self.rows.and(condition);
        self
    }

    /// How long the server waits for it before the transaction fails; without this it looks once. Waiting only makes
    /// sense in the first operations of a transaction, which the server starts again from the beginning.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    pub(crate) fn table(&self) -> &Arc<str> {
        &self.table
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        if self.expected.iter().any(|row| row.names() != self.columns) {
            return Err(format!("the expected rows of a wait on {} name different columns", self.table));
        }
        self.expected.iter().try_for_each(Columns::check)
    }

    pub(crate) fn to_json(&self) -> Json {
        let columns: Vec<&str> = self.columns.iter().map(|column| &**column).collect();
        let rows: Vec<Json> = self.expected.iter().map(Columns::to_json).collect();
        json!({
            "op": "wait",
            "table": &*self.table,
            "timeout": u64::try_from(self.timeout.as_millis()).unwrap_or(u64::MAX),
            "where": self.rows.to_json(),
            "columns": columns,
            "until": if self.equal { "==" } else { "!=" },
            "rows": rows,
        })
    }
}

impl From<Wait> for Operation {
    fn from(wait: Wait) -> Self {
        Operation::Wait(wait)
    }
}
