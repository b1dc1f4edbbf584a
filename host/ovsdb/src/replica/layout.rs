//! Which columns the copied rows have, and how they are read.

use crate::monitor::{MonitorSpec, TableSpec};
use crate::row::{ColumnNames, Row};
use crate::schema::{ColumnType, Schema};
use crate::transaction::Condition;
use crate::value::{DecodeError, Value};
use serde_json::{Map as JsonObject, Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// The layouts of the copied tables by table name.
pub(crate) type Layouts = BTreeMap<Arc<str>, Layout>;

/// The columns of a copied table that the server has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layout {
    names: ColumnNames,
    types: Vec<ColumnType>,
    conditions: Vec<Condition>,
}

impl Layout {
    /// The layouts of all tables of a monitor, or the table or column that the schema lacks.
    pub(crate) fn of_monitor(spec: &MonitorSpec, schema: &Schema) -> Result<Layouts, String> {
        let layout = |table: &TableSpec| Ok((table.name.clone(), Layout::of_table(table, schema)?));
        spec.tables.iter().map(layout).collect()
    }

    fn of_table(spec: &TableSpec, schema: &Schema) -> Result<Layout, String> {
        let table = &spec.name;
        if !schema.tables.contains_key(&**table) {
            return Err(format!("table {table} of database {}", schema.name));
        }
        let mut columns = BTreeMap::new();
        for name in spec.columns.iter().chain(&spec.optional) {
            match schema.column(table, name) {
                Some(column) => drop(columns.insert(name.clone(), column.kind.clone())),
                None if spec.optional.contains(name) => {}
                None => return Err(format!("column {name} of table {table} of database {}", schema.name)),
            }
        }
        let (names, types): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        Ok(Layout { names: names.into(), types, conditions: spec.conditions.clone() })
    }

    /// The `<monitor-request>`; `conditional` where the method takes conditions.
    pub(crate) fn request(&self, conditional: bool) -> Json {
        let columns: Vec<&str> = self.names.iter().map(|name| &**name).collect();
        let mut request = json!({"columns": columns});
        if conditional && !self.conditions.is_empty() {
            request["where"] = self.conditions.iter().map(Condition::to_json).collect();
        }
        request
    }

    /// Whether a row belongs into the copy, for servers that cannot judge it themselves.
    pub(crate) fn admits(&self, row: &Row) -> bool {
        self.conditions.is_empty() || self.conditions.iter().any(|condition| condition.matches(row))
    }

    /// A row whose left-out columns hold the default.
    pub(crate) fn new_row(&self, uuid: Uuid, columns: &JsonObject<String, Json>) -> Result<Row, DecodeError> {
        let value = |(name, kind): (&Arc<str>, &ColumnType)| match columns.get(&**name) {
            Some(json) => Ok(kind.normalize(Value::from_json(json)?)),
            None => Ok(kind.default_value()),
        };
        let values = self.names.iter().zip(&self.types).map(value).collect::<Result<Vec<_>, _>>()?;
        Ok(Row::new(uuid, self.names.clone(), values.into()))
    }

    /// A row with a change applied, as `update2` and `update3` write it.
    pub(crate) fn changed_row(&self, old: &Row, columns: &JsonObject<String, Json>) -> Result<Row, DecodeError> {
        let mut values: Box<[Value]> = old.values().into();
        for (name, json) in columns {
            let Ok(at) = self.names.binary_search_by(|known| (**known).cmp(name)) else { continue };
            let change = self.types[at].normalize(Value::from_json(json)?);
            values[at] = match (&values[at], &change) {
                _ if self.types[at].is_replaced_whole() => change,
                (Value::Set(held), Value::Set(difference)) => held.symmetric_difference(difference).into(),
                (Value::Map(held), Value::Map(difference)) => held.apply_difference(difference).into(),
                _ => return Err(DecodeError::new("change of a set or map", json)),
            };
        }
        Ok(Row::new(old.uuid(), self.names.clone(), values))
    }
}
