//! Rows as the `ovn-nbctl` commands that would make them.

use ovsdb::{Atom, Value};

use super::change::{self, Who};
use super::claim::Host;
use super::row::{Holder, RowSpec, Tenure};
use crate::Mark;

/// The commands that would make some rows; none for what is only used.
pub(crate) fn shell(rows: &[RowSpec], mark: &Mark) -> Vec<String> {
    let host = Host { name: "$(hostname)".to_owned(), system: String::new() };
    let who = Who { mark: mark.clone(), host };
    rows.iter().filter(|row| !matches!(row.tenure, Tenure::Named(_))).map(|row| line(row, &who)).collect()
}

fn line(row: &RowSpec, who: &Who) -> String {
    let ids = ("external_ids", change::ids(row, who));
    let columns = row.columns.iter().chain([&ids]).filter(|(_, value)| !value.is_empty());
    let columns: String = columns.map(|(column, value)| format!(" {column}={}", argument(value))).collect();
    let create = format!("ovn-nbctl --id={} create {}{columns}", row.uuid, row.table.name());
    let holder = match (&row.holder, row.table.holder()) {
        (Some(Holder::Row(uuid)), Some((table, column))) => {
            format!(" -- add {} {uuid} {column} {}", table.name(), row.uuid)
        }
        (Some(Holder::Named(name)), Some((table, column))) => {
            format!(" -- add {} {name} {column} {}", table.name(), row.uuid)
        }
        _ => String::new(),
    };
    create + &holder
}

/// A value as the command takes it, in the shell's quotes where it needs any: the host's name is the shell's to find out.
fn argument(value: &Value) -> String {
    let text = match value {
        Value::Set(set) if set.len() == 1 => set.iter().map(atom).collect(),
        Value::Set(set) => format!("[{}]", set.iter().map(atom).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => {
            let pairs = map.iter().map(|(key, value)| format!("{}={}", atom(key), atom(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
    };
    format!("'{}'", text.replace("$(hostname)", "'$(hostname)'"))
}

fn atom(atom: &Atom) -> String {
    match atom {
        Atom::String(text) => format!("{text:?}"),
        Atom::Integer(number) => number.to_string(),
        Atom::Real(number) => number.to_string(),
        Atom::Boolean(it) => it.to_string(),
        Atom::Uuid(uuid) => uuid.to_string(),
        Atom::Named(name) => name.to_string(),
    }
}
