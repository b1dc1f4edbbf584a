//! The next attempt at a change: what to ask of the database, given the row as it was at the last look.
//!
//! What the change makes of the pool is judged where it always is; here the difference is turned into one operation, which
//! does nothing unless the row still holds what the difference builds on. Containers that come and go in the same pool do
//! not stand in each other's way: only who takes the last of something has to find the whole row unchanged.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ovsdb::{Condition, Delete, Mutate, Operation, Row, Value};

use super::row::{self, ADDRESSES, Entries, IDS, TABLE};
use crate::change::{Change, Outcome, Touched};
use crate::id::ClaimId;
use crate::key::PoolKey;
use crate::pool::{Pool, Use};

/// What to do now.
pub(super) enum Attempt {
    /// Nothing: this is what became of it.
    Over(Outcome),
    /// This, and then to look again.
    Do(Operation),
}

/// The next attempt at a change of a pool.
pub(super) fn next(key: &PoolKey, now: Option<&Row>, change: &Change) -> Attempt {
    let before = now.map(row::uses).unwrap_or_default();
    let mut after = before.clone();
    let (outcome, touched) = after.apply(change);
    if touched.is_empty() {
        return Attempt::Over(outcome);
    }
    let (had, has) = (entries(&before, &touched), entries(&after, &touched));
    let Some(now) = now else { return Attempt::Do(row::insert(key, has).into()) };
    let unchanged = Condition::equal(IDS, now.value(IDS).cloned().unwrap_or(Value::empty_map()));
    if after.is_empty() {
        return Attempt::Do(Delete::row(TABLE, key.row()).and(unchanged).into());
    }
    let (freed, taken) = addresses(&before, &after, &touched);
    let mut mutate = Mutate::row(TABLE, key.row());
    if freed.iter().any(|address| matches!(before.taken.get(address), Some(Use::Shared { .. }))) {
        mutate = mutate.and(unchanged);
    }
    let built_on = needed(change).and_then(|id| Some(row::claim_entry(id, before.claims.get(&id)?)));
    let built_on: Entries = had.clone().into_iter().chain(built_on).collect();
    if !built_on.is_empty() {
        mutate = mutate.and(Condition::includes(IDS, Value::map(built_on)));
    }
    if !taken.is_empty() {
        let taken = || Value::set(taken.iter().map(ToString::to_string));
        mutate = mutate.and(Condition::excludes(ADDRESSES, taken())).insert(ADDRESSES, taken());
    }
    if !freed.is_empty() {
        mutate = mutate.delete(ADDRESSES, Value::set(freed.iter().map(ToString::to_string)));
    }
    let goes = only_in(&had, &has);
    if !goes.is_empty() {
        mutate = mutate.delete(IDS, Value::map(goes));
    }
    // Behind what goes: an entry that changes is both.
    let comes = only_in(&has, &had);
    if !comes.is_empty() {
        mutate = mutate.insert(IDS, Value::map(comes));
    }
    Attempt::Do(mutate.into())
}

/// The claim that a change is made for, and needs to be there.
fn needed(change: &Change) -> Option<ClaimId> {
    match change {
        Change::Take { claim, .. } | Change::Share { claim, .. } => Some(*claim),
        Change::Open { .. } | Change::Release { .. } | Change::Close { .. } => None,
    }
}

/// The entries of the touched parts of a pool.
fn entries(pool: &Pool, touched: &Touched) -> Entries {
    let claims = touched.claims.iter().filter_map(|id| Some(row::claim_entry(*id, pool.claims.get(id)?)));
    let uses =
        touched.addresses.iter().filter_map(|address| Some(row::use_entries(*address, pool.taken.get(address)?)));
    claims.chain(uses.flatten()).collect()
}

/// The touched addresses that are free now, and those that are not any more.
fn addresses(before: &Pool, after: &Pool, touched: &Touched) -> (BTreeSet<IpAddr>, BTreeSet<IpAddr>) {
    let only = |one: &Pool, other: &Pool| {
        let held = |address: &&IpAddr| one.taken.contains_key(*address) && !other.taken.contains_key(*address);
        touched.addresses.iter().filter(held).copied().collect()
    };
    (only(before, after), only(after, before))
}

fn only_in(one: &Entries, other: &Entries) -> Entries {
    let only = one.iter().filter(|(key, value)| other.get(*key) != Some(value));
    only.map(|(key, value)| (key.clone(), value.clone())).collect()
}
