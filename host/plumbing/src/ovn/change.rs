//! The one transaction that brings the northbound database from what it has to what a plan wants.
//!
//! What others have made alike is claimed, not made again. Every row that is built on is guarded: if it went since the
//! copy was looked at, or somebody else made the same at the same time, nothing is done and the change is made again.

use ovsdb::{Atom, Insert, Mutate, Operation, Update, Value, Wait};
use uuid::Uuid;

use super::claim::{Claim, HOST, Host, SAID, SHARED, claims};
use super::difference::RowState;
use super::row::{Holder, RowSpec, Tenure};
use super::table::Table;
use super::view::{Id, View};
use super::{overlap, stations};
use crate::{Error, Mark};

/// A transaction, and what it makes.
#[derive(Debug, Default)]
pub(crate) struct Change {
    /// What to send; empty: nothing.
    pub(crate) operations: Vec<Operation>,
    /// The rows that it inserts or claims.
    pub(crate) made: Vec<Id>,
}

/// For whom rows are made.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub(crate) mark: Mark,
    pub(crate) host: Host,
}

impl Change {
    /// From what there is to what is wanted.
    pub(crate) fn toward(wanted: &[RowSpec], who: &Who, view: &View) -> Result<Self, Error> {
        let mut change = Self::default();
        for spec in wanted {
            match RowState::of(spec, &who.mark, view)? {
                RowState::Fine => {}
                RowState::Missing => change.insert(spec, who, view)?,
                RowState::Unclaimed => change.claim(spec, who),
                RowState::Different(_) => change.correct(spec, who, view)?,
            }
        }
        if !change.operations.is_empty() {
            change.push(Operation::Comment(format!("docker-ovs: {} on {}", who.mark, who.host)));
        }
        Ok(change)
    }

    fn push(&mut self, operation: impl Into<Operation>) {
        self.operations.push(operation.into());
    }

    fn insert(&mut self, spec: &RowSpec, who: &Who, view: &View) -> Result<(), Error> {
        let insert = Insert::into(spec.table.name()).uuid(spec.uuid).set("external_ids", ids(spec, who));
        let set = |insert: Insert, (column, value): &(&'static str, Value)| insert.set(column, value.clone());
        let guards = stations::guards(spec, &who.mark.instance).map(Operation::from);
        self.operations.splice(0..0, guards);
        self.push(spec.columns.iter().fold(insert, set));
        self.hold(spec, who, view)?;
        self.made.push((spec.table, spec.uuid));
        Ok(())
    }

    /// Puts a row where it belongs.
    fn hold(&mut self, spec: &RowSpec, who: &Who, view: &View) -> Result<(), Error> {
        let (Some(holder), Some((table, column))) = (&spec.holder, spec.table.holder()) else { return Ok(()) };
        let absent = || Error::NoHolder { what: spec.what.clone() };
        let row = match view.holder(table, holder)? {
            Some(row) => {
                self.push(Wait::row_exists(table.name(), row));
                if spec.table == Table::LogicalRouterPort && !view.holds((table, row), column, spec.uuid) {
                    overlap::check(spec, (table, row), &Claim::of(&who.mark), view)?;
                    let seen = view.row((table, row)).and_then(|row| Some((column, row.value(column)?.clone())));
                    // What comes meanwhile was not looked at. Before all that is put there itself.
                    self.operations.insert(0, Wait::row_holds(table.name(), row, seen).into());
                }
                row
            }
            None => self.made_here(table, holder).ok_or_else(absent)?,
        };
        self.push(Mutate::row(table.name(), row).insert(column, Atom::Uuid(spec.uuid)));
        Ok(())
    }

    fn made_here(&self, table: Table, holder: &Holder) -> Option<Uuid> {
        let Holder::Row(uuid) = holder else { return None };
        self.made.contains(&(table, *uuid)).then_some(*uuid)
    }

    fn claim(&mut self, spec: &RowSpec, who: &Who) {
        self.push(Wait::row_exists(spec.table.name(), spec.uuid));
        self.put(spec, who);
        self.made.push((spec.table, spec.uuid));
    }

    fn put(&mut self, spec: &RowSpec, who: &Who) {
        let (key, host) = (Claim::of(&who.mark).key(), who.host.to_string());
        self.push(Mutate::row(spec.table.name(), spec.uuid).put("external_ids", &key, &host));
    }

    fn correct(&mut self, spec: &RowSpec, who: &Who, view: &View) -> Result<(), Error> {
        let table = spec.table.name();
        self.push(Wait::row_exists(table, spec.uuid));
        let (maps, others): (Vec<_>, Vec<_>) = spec.columns.iter().partition(|(_, value)| value.as_map().is_some());
        let set = |update: Update, (column, value): &(&'static str, Value)| update.set(column, value.clone());
        self.push(others.into_iter().fold(Update::row(table, spec.uuid), set));
        for (column, entries) in maps {
            let keys = Value::set(entries.as_map().into_iter().flat_map(|map| map.iter()).map(|(key, _)| key.clone()));
            self.push(Mutate::row(table, spec.uuid).delete(column, keys).insert(column, entries.clone()));
        }
        self.hold(spec, who, view)?;
        if let Tenure::Shared(said) = &spec.tenure {
            if let Some(said) = said {
                self.push(Mutate::row(table, spec.uuid).put("external_ids", SAID, said));
            }
            self.put(spec, who);
            // What was claimed before is not this change's to take back.
            if !is_claimed(spec, who, view) {
                self.made.push((spec.table, spec.uuid));
            }
        }
        Ok(())
    }
}

/// Whether a network has its claim to a row.
fn is_claimed(spec: &RowSpec, who: &Who, view: &View) -> bool {
    let row = view.row((spec.table, spec.uuid));
    row.is_some_and(|row| claims(row).iter().any(|(claim, _)| *claim == Claim::of(&who.mark)))
}

/// What stands in `external_ids` of a new row.
pub(super) fn ids(spec: &RowSpec, who: &Who) -> Value {
    let host = who.host.to_string();
    let mut ids: Vec<(String, String)> = match &spec.tenure {
        Tenure::Shared(said) => {
            let said = said.iter().map(|said| (SAID.to_owned(), said.clone()));
            [(Claim::of(&who.mark).key(), host)].into_iter().chain(said).collect()
        }
        Tenure::Own | Tenure::Named(_) => {
            let own = who.mark.ids(&spec.label).into_iter().map(|(key, value)| (key.to_owned(), value));
            own.chain([(HOST.to_owned(), host)]).collect()
        }
    };
    ids.extend(stations::ids(spec));
    if spec.is_seen_by_all() {
        ids.push((SHARED.to_owned(), "true".to_owned()));
    }
    Value::map(ids)
}
