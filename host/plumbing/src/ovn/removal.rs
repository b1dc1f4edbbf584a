//! The transaction that takes rows away: claims first, and the row with the last of them. Nothing goes that others still
//! claim, or have something on.
//!
//! Hosts that take their claims away at once must neither both leave the row to the other nor both think it theirs to
//! remove. Who leaves claims behind makes sure that one of them still stands; who takes the last one, that it is.

use std::collections::BTreeSet;

use ovsdb::{Condition, Delete, Mutate, Operation, Value, Wait};
use uuid::Uuid;

use super::claim::{Claim, claims, mark};
use super::view::{Id, View};
use crate::{Error, Mark};

/// A transaction, and what it removes.
#[derive(Debug, Default)]
pub(crate) struct Removal {
    /// What to send; empty: nothing.
    pub(crate) operations: Vec<Operation>,
    /// What is gone then, as [`super::drift`] knows it.
    pub(crate) leaving: Vec<String>,
    /// What stays because others have something on it.
    pub(crate) in_use: Vec<Error>,
}

impl Removal {
    /// Of a plan's rows, as far as they are its own or claimed by its network.
    pub(crate) fn of(rows: &[Id], mark: &Mark, view: &View) -> Self {
        let claim = Claim::of(mark);
        let mut removal = Self::default();
        let (mut goes, mut left) = (BTreeSet::new(), Vec::new());
        for id in rows {
            let Some(row) = view.row(*id) else { continue };
            let claims = claims(row);
            let claimed = claims.iter().any(|(found, _)| *found == claim);
            // Not another endpoint's of this host, which was quicker.
            let own = self::mark(row).as_ref() == Some(mark);
            // The greatest of the others: they all make sure of the same, so that only who takes that one away makes
            // them try again.
            match claims.into_iter().rfind(|(found, _)| *found != claim) {
                Some(other) if claimed => left.push((*id, other)),
                None if claimed || own => _ = goes.insert(*id),
                _ => {}
            }
        }
        removal.stay(&mut goes, mark, view);
        for id in &goes {
            removal.take(*id, &goes, view);
        }
        for (id, other) in left {
            removal.leave(id, &claim, &other);
        }
        if !removal.operations.is_empty() {
            removal.operations.push(Operation::Comment(format!("docker-ovs: remove {mark}")));
        }
        removal
    }

    /// What others have something on stays; what the same network still has there goes with it.
    fn stay(&mut self, goes: &mut BTreeSet<Id>, mark: &Mark, view: &View) {
        for holder in goes.clone() {
            let mut strangers = Vec::new();
            for (table, column) in holder.0.holds() {
                for held in view.held(holder, column).map(|uuid| (table, uuid)) {
                    match goes.contains(&held) || is_of(view, held, mark) {
                        true => _ = goes.insert(held),
                        false => strangers.push(name(view, held)),
                    }
                }
            }
            if !strangers.is_empty() {
                goes.remove(&holder);
                self.in_use.push(Error::RowInUse { what: name(view, holder), by: strangers.join(", ") });
            }
        }
    }

    /// Removes a row that nobody else has.
    fn take(&mut self, (table, uuid): Id, goes: &BTreeSet<Id>, view: &View) {
        let Some(row) = view.row((table, uuid)) else { return };
        let column = |column: &'static str| Some((column, row.value(column)?.clone()));
        let seen = table.holds().map(|(_, column)| column).chain(["external_ids"]).filter_map(column);
        self.operations.push(Wait::row_holds(table.name(), uuid, seen).into());
        let holder = view.holder_of((table, uuid));
        if let Some((holder, column)) = holder.filter(|(holder, _)| !goes.contains(holder)) {
            self.operations.push(Mutate::row(holder.0.name(), holder.1).delete(column, uuid).into());
        }
        if table.is_root() {
            self.operations.push(Delete::row(table.name(), uuid).into());
        }
        self.leaving.push(uuid.to_string());
    }

    /// Takes a claim away and leaves the row to the others.
    fn leave(&mut self, (table, uuid): Id, claim: &Claim, (other, host): &(Claim, String)) {
        let stands = Condition::includes("external_ids", Value::map([(other.key(), host.as_str())]));
        self.operations.push(Wait::some_row(table.name(), Condition::row(uuid)).and(stands).into());
        self.operations.push(Mutate::row(table.name(), uuid).delete("external_ids", claim.key()).into());
        self.leaving.push(left(uuid, &claim.network));
    }
}

/// How a claim that was taken away is remembered.
pub(super) fn left(row: Uuid, network: &str) -> String {
    format!("{row} {network}")
}

/// Whether a row is a network's own, or claimed by nobody else.
fn is_of(view: &View, id: Id, of: &Mark) -> bool {
    let Some(row) = view.row(id) else { return false };
    let own = Claim::of(of);
    let claims = claims(row);
    let claimed = !claims.is_empty() && claims.iter().all(|(claim, _)| *claim == own);
    claimed || mark(row).is_some_and(|mark| Claim::of(&mark) == own)
}

/// A row in words.
fn name(view: &View, (table, uuid): Id) -> String {
    let kind = table.name().to_lowercase().replace('_', " ");
    let name = view.row((table, uuid)).and_then(|row| row.get::<String>("name").ok());
    format!("{kind} {}", name.unwrap_or_else(|| uuid.to_string()))
}
