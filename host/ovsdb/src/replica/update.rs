//! Applying what the server says has changed.

use super::layout::{Layout, Layouts};
use super::{RowChange, Table};
use crate::monitor::MonitorSpec;
use crate::row::Row;
use crate::value::DecodeError;
use serde_json::{Map as JsonObject, Value as Json};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// How changes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    /// `update` of RFC 7047: whole rows, old and new.
    Whole,
    /// `update2` and `update3` of ovsdb-server(7): differences.
    Difference,
}

/// A change that does not fit the copy: it has to be made anew.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Inconsistent {
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error("an update is about table {0}, which is not monitored")]
    UnknownTable(String),
    #[error("an update is about row {row} of table {table}, which is not in the copy")]
    UnknownRow { table: Arc<str>, row: Uuid },
}

/// The copy that its owner changes; snapshots share its tables.
#[derive(Clone, Debug)]
pub(crate) struct Replica {
    tables: Arc<BTreeMap<Arc<str>, Arc<Table>>>,
}

impl Replica {
    pub(crate) fn empty(spec: &MonitorSpec) -> Self {
        let table = |table: &crate::monitor::TableSpec| (table.name.clone(), Arc::new(Table::new(table)));
        Replica { tables: Arc::new(spec.tables.iter().map(table).collect()) }
    }

    pub(crate) fn tables(&self) -> &Arc<BTreeMap<Arc<str>, Arc<Table>>> {
        &self.tables
    }

    /// Applies `<table-updates>`; on an error the copy is half changed and must be thrown away.
    pub(crate) fn apply(
        &mut self,
        layouts: &Layouts,
        notation: Notation,
        updates: &Json,
    ) -> Result<Vec<RowChange>, Inconsistent> {
        let mut changes = Vec::new();
        for (name, rows) in object("table updates", updates)? {
            let tables = Arc::make_mut(&mut self.tables);
            let known = tables.get_mut(name.as_str()).zip(layouts.get_key_value(name.as_str()));
            let (table, (name, layout)) = known.ok_or_else(|| Inconsistent::UnknownTable(name.clone()))?;
            let mut target = Target { name, layout, table: Arc::make_mut(table) };
            for (row, update) in object("row updates", rows)? {
                let row = Uuid::try_parse(row).map_err(|_| DecodeError::new("row uuid", &Json::from(row.as_str())))?;
                let update = object("row update", update)?;
                let change = match notation {
                    Notation::Whole => target.apply_whole(row, update)?,
                    Notation::Difference => target.apply_difference(row, update)?,
                };
                changes.extend(change);
            }
        }
        Ok(changes)
    }
}

struct Target<'a> {
    name: &'a Arc<str>,
    layout: &'a Layout,
    table: &'a mut Table,
}

impl Target<'_> {
    fn apply_whole(
        &mut self,
        uuid: Uuid,
        update: &JsonObject<String, Json>,
    ) -> Result<Option<RowChange>, Inconsistent> {
        let new = match update.get("new") {
            Some(columns) => Some(self.layout.new_row(uuid, object("new row", columns)?)?),
            None => None,
        };
        // The method takes no conditions: rows that do not meet them are told too, and passed over here.
        let new = new.filter(|row| self.layout.admits(row));
        Ok(self.replace(uuid, new))
    }

    fn apply_difference(
        &mut self,
        uuid: Uuid,
        update: &JsonObject<String, Json>,
    ) -> Result<Option<RowChange>, Inconsistent> {
        let (kind, columns) = update.iter().next().ok_or_else(|| DecodeError::new("row update", &Json::Null))?;
        let unknown = || Inconsistent::UnknownRow { table: self.name.clone(), row: uuid };
        let new = match kind.as_str() {
            "initial" | "insert" => Some(self.layout.new_row(uuid, object("new row", columns)?)?),
            "modify" => {
                let old = self.table.row(uuid).ok_or_else(unknown)?;
                Some(self.layout.changed_row(old, object("changed row", columns)?)?)
            }
            "delete" if self.table.row(uuid).is_none() => return Err(unknown()),
            "delete" => None,
            _ => return Err(DecodeError::new("row update", &Json::from(kind.as_str())).into()),
        };
        Ok(self.replace(uuid, new))
    }

    fn replace(&mut self, uuid: Uuid, new: Option<Row>) -> Option<RowChange> {
        let table = self.name.clone();
        let new = new.map(Arc::new);
        match (self.table.replace(uuid, new.as_ref()), new) {
            (None, None) => None,
            (None, Some(new)) => Some(RowChange::Inserted { table, new }),
            (Some(old), None) => Some(RowChange::Deleted { table, old }),
            (Some(old), Some(new)) if old == new => None,
            (Some(old), Some(new)) => Some(RowChange::Modified { table, old, new }),
        }
    }
}

fn object<'a>(expected: &'static str, json: &'a Json) -> Result<&'a JsonObject<String, Json>, DecodeError> {
    json.as_object().ok_or_else(|| DecodeError::new(expected, json))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::TableSpec;
    use crate::schema::Schema;
    use serde_json::json;

    fn copy() -> (Replica, Layouts) {
        let columns = json!({
            "name": {"type": "string"},
            "tags": {"type": {"key": "string", "min": 0, "max": "unlimited"}},
            "labels": {"type": {"key": "string", "value": "string", "min": 0, "max": "unlimited"}},
        });
        let schema = json!({"name": "D", "tables": {"T": {"columns": columns}}});
        let schema: Schema = serde_json::from_value(schema).unwrap();
        let spec =
            MonitorSpec::database("D").table(TableSpec::new("T").columns(["name", "tags", "labels"]).index("name"));
        (Replica::empty(&spec), Layout::of_monitor(&spec, &schema).unwrap())
    }

    #[test]
    fn an_update_that_does_not_fit_is_refused() {
        let row = Uuid::nil().to_string();
        let (mut replica, layouts) = copy();
        let insert = json!({"T": {&row: {"insert": {"name": "a"}}}});
        replica.apply(&layouts, Notation::Difference, &insert).unwrap();
        let other = Uuid::max().to_string();
        let wrong = [
            json!([]),
            json!({"T": []}),
            json!({"U": {}}),
            json!({"T": {"no uuid": {"insert": {}}}}),
            json!({"T": {&row: {}}}),
            json!({"T": {&row: {"rename": {}}}}),
            json!({"T": {&row: {"insert": []}}}),
            json!({"T": {&row: {"modify": {"name": ["what"]}}}}),
            json!({"T": {&row: {"modify": {"tags": ["map", []]}}}}),
            json!({"T": {&row: {"modify": {"labels": "a"}}}}),
            json!({"T": {&other: {"modify": {"name": "b"}}}}),
            json!({"T": {&other: {"delete": null}}}),
        ];
        for update in wrong {
            assert!(replica.clone().apply(&layouts, Notation::Difference, &update).is_err(), "{update}");
        }
        let gone = json!({"T": {&row: {"delete": null}}});
        assert_eq!(replica.apply(&layouts, Notation::Difference, &gone).unwrap().len(), 1);
    }

    #[test]
    fn a_change_that_changes_nothing_is_not_told() {
        let row = Uuid::nil().to_string();
        let (mut replica, layouts) = copy();
        let same = json!({"T": {&row: {"new": {"name": "a", "tags": ["set", []], "labels": ["map", []]}}}});
        assert_eq!(replica.apply(&layouts, Notation::Whole, &same).unwrap().len(), 1);
        assert_eq!(replica.apply(&layouts, Notation::Whole, &same).unwrap().len(), 0);
    }
}
