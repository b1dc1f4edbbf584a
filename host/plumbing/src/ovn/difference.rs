//! How a row that is wanted and what is there differ: the one judgement that performing, verifying and repairing share.

use ovsdb::{Row, Value};

use super::claim::{Claim, HOST, SAID, claims, mark};
use super::row::{RowSpec, Tenure};
use super::table::Table;
use super::view::View;
use crate::{Error, Mark};

/// How a row is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RowState {
    /// There as wanted.
    Fine,
    /// Not there.
    Missing,
    /// There as wanted, but not claimed by this network.
    Unclaimed,
    /// Changed by somebody; how.
    Different(String),
}

impl RowState {
    /// Compares a row with what is there.
    pub(crate) fn of(spec: &RowSpec, mark: &Mark, view: &View) -> Result<Self, Error> {
        if let Tenure::Named(name) = &spec.tenure {
            return view.named_switch(name).map(|_| Self::Fine);
        }
        let Some(row) = view.row((spec.table, spec.uuid)) else { return Ok(Self::Missing) };
        let claimed = match &spec.tenure {
            Tenure::Shared(said) => {
                agreed(spec, said.as_deref(), row, &Claim::of(mark))?;
                claims(row).iter().any(|(claim, _)| *claim == Claim::of(mark))
            }
            Tenure::Own | Tenure::Named(_) => owned(spec, row, mark)?,
        };
        let other = spec.columns.iter().filter(|(column, wanted)| !is(row.value(column), wanted));
        let other: Vec<&str> = other.map(|(column, _)| *column).collect();
        if !other.is_empty() {
            return Ok(Self::Different(format!("somebody changed {} of {}", other.join(", "), spec.what)));
        }
        if !held(spec, view)? {
            return Ok(Self::Different(format!("somebody took {} out", spec.what)));
        }
        Ok(if claimed { Self::Fine } else { Self::Unclaimed })
    }
}

/// Whether a column holds what is wanted: of a map, others may have added entries.
fn is(found: Option<&Value>, wanted: &Value) -> bool {
    match (found, wanted) {
        (Some(Value::Map(found)), Value::Map(wanted)) => {
            wanted.iter().all(|(key, value)| found.get_atom(key) == Some(value))
        }
        (found, wanted) => found == Some(wanted),
    }
}

fn held(spec: &RowSpec, view: &View) -> Result<bool, Error> {
    let (Some(holder), Some((table, column))) = (&spec.holder, spec.table.holder()) else { return Ok(true) };
    let holder = view.holder(table, holder)?;
    Ok(holder.is_some_and(|holder| view.holds((table, holder), column, spec.uuid)))
}

/// What others say differently of a row that they have, too, cannot both be.
fn agreed(spec: &RowSpec, said: Option<&str>, row: &Row, own: &Claim) -> Result<(), Error> {
    let there = row.entry("external_ids", SAID);
    let others: Vec<(Claim, String)> = claims(row).into_iter().filter(|(claim, _)| claim != own).collect();
    match (there, said) {
        (Some(there), Some(said)) if there != said && !others.is_empty() => Err(Error::SaidDifferently {
            what: spec.what.clone(),
            there: there.to_owned(),
            said: said.to_owned(),
            holder: holders(&others),
            remedy: remedy(spec.table),
        }),
        _ => Ok(()),
    }
}

/// What who says something else of a row can do.
fn remedy(table: Table) -> &'static str {
    match table {
        Table::AddressSet => "a VRF leaves by an [ovn.external.NAME] section of its own, with an address of its own",
        _ => "say the same here, or use another VRF",
    }
}

/// That a row is this plan's own: always true, or an error.
fn owned(spec: &RowSpec, row: &Row, mark: &Mark) -> Result<bool, Error> {
    let found = self::mark(row);
    if found.as_ref() == Some(mark) {
        return Ok(true);
    }
    let host = row.entry("external_ids", HOST).map(|host| format!(" on {host}")).unwrap_or_default();
    let owner = match found {
        Some(Mark { endpoint: Some(endpoint), .. }) => format!("endpoint {endpoint}{host}"),
        Some(Mark { network, .. }) => format!("network {network}{host}"),
        None => "somebody else".to_owned(),
    };
    Err(Error::Taken { what: spec.what.clone(), owner })
}

/// The first of some claims in words, and how many more there are.
pub(super) fn holders(claims: &[(Claim, String)]) -> String {
    let first = claims.first().map(|(claim, host)| format!("network {} on {host}", claim.network)).unwrap_or_default();
    match claims.len() {
        0 | 1 => first,
        more => format!("{first} and {} more", more - 1),
    }
}
