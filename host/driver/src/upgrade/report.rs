//! An upgrade in the words of the operators' socket.

use std::collections::BTreeSet;

use admin::report::{EndpointChange, FieldChange, Module, StepChange, StepFate, Upgrade, UpgradeStage};
use plan::{AdmittedStep, Grants};
use plumbing::Dataplane;
use policy::Loaded;
use serde::Serialize;
use serde_json::{Map, Value};

use super::carry::{endpoint, network};
use super::difference::{Move, Side, moves};
use super::next::{Next, Pair};
use crate::Driver;
use crate::operations::describe;
use crate::record::{EndpointRecord, NetworkRecord};

impl<D: Dataplane> Driver<D> {
    /// Where there is nothing to do.
    pub(super) fn current(&self, record: &NetworkRecord, mode: &Loaded) -> Upgrade {
        let module = module(&record.mode, mode);
        Upgrade {
            network: record.network.id.to_string(),
            stage: UpgradeStage::Current,
            from: module.clone(),
            to: module,
            unchanged_endpoints: self.state.endpoints_of(&record.network.id).len() as u64,
            ..Upgrade::default()
        }
    }

    /// What changes, and what stands for it.
    pub(super) async fn describe_upgrade(&self, next: &Next, mode: &Loaded) -> Upgrade {
        let (before, after) = (&*next.network.before, &next.network.after);
        let old = self.module_of(before).await.ok();
        let from = match &old {
            Some(old) => module(&before.mode, old),
            None => Module { mode: before.mode.clone(), version: None, digest: before.digest.to_string() },
        };
        let could = match &old {
            Some(old) => old.grants().clone(),
            None => self.catalog.allowed(&before.mode, before.origin, &before.digest),
        };
        let endpoints: Vec<_> = next.endpoints.iter().filter_map(|pair| endpoint_change(before, after, pair)).collect();
        let unchanged_endpoints = (next.endpoints.len() - endpoints.len()) as u64;
        let report = Upgrade {
            network: before.network.id.to_string(),
            name: None,
            stage: UpgradeStage::Planned,
            from,
            to: module(mode.name(), mode),
            granted: beyond(mode.grants(), &could),
            lost: beyond(&could, mode.grants()),
            options: fields(&describe_options(before), &describe_options(after)),
            steps: step_changes(&network(&before.plan), &network(&after.plan)),
            endpoints,
            unchanged_endpoints,
            confirmation: String::new(),
        };
        Upgrade { confirmation: confirmation(&report), ..report }
    }
}

fn module(name: &str, mode: &Loaded) -> Module {
    Module { mode: name.to_owned(), version: Some(mode.manifest().version.clone()), digest: mode.digest().to_string() }
}

/// The same for the same difference, whoever is on the network beside, and whatever new links will be called.
fn confirmation(report: &Upgrade) -> String {
    let mut same = Upgrade { unchanged_endpoints: 0, ..report.clone() };
    let of_endpoints = same.endpoints.iter_mut().flat_map(|endpoint| &mut endpoint.steps);
    same.steps.iter_mut().chain(of_endpoints).for_each(|change| change.step.names.clear());
    // A report is text, numbers and lists: it is always representable.
    policy::digest(&serde_json::to_vec(&same).unwrap_or_default()).to_string()
}

/// The grants that some have and others have not.
fn beyond(some: &Grants, others: &Grants) -> Vec<String> {
    let text = |grants: &Grants| grants.0.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    text(some).difference(&text(others)).cloned().collect()
}

/// What changes of an endpoint, if anything does.
fn endpoint_change(
    before: &NetworkRecord,
    after: &NetworkRecord,
    pair: &Pair<EndpointRecord>,
) -> Option<EndpointChange> {
    let change = EndpointChange {
        id: pair.before.endpoint.id.to_string(),
        container: None,
        state: describe::word(&pair.before.state),
        steps: step_changes(&endpoint(before, &pair.before), &endpoint(after, &pair.after)),
        reply: fields(&object(&pair.before.plan.reply), &object(&pair.after.plan.reply)),
    };
    (!change.steps.is_empty() || !change.reply.is_empty()).then_some(change)
}

fn step_changes(before: &Side, after: &Side) -> Vec<StepChange> {
    moves(before, after).iter().map(step_change).collect()
}

fn step_change(step: &Move<'_>) -> StepChange {
    let whole = |step: &AdmittedStep| describe::step(step, None);
    match step {
        Move::Added(after) => {
            StepChange { change: StepFate::Added, step: describe::step(after, Some(&[])), fields: Vec::new() }
        }
        Move::Removed(before) => StepChange { change: StepFate::Removed, step: whole(before), fields: Vec::new() },
        Move::Changed(before, after) | Move::Replaced(before, after) => {
            let (old, new) = (whole(before), whole(after));
            let change = if matches!(step, Move::Changed(..)) { StepFate::Changed } else { StepFate::Replaced };
            StepChange { change, fields: fields(&object(&old.action), &object(&new.action)), step: new }
        }
    }
}

/// What differs between two lists of named values.
fn fields(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<FieldChange> {
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let value = |values: &Map<String, Value>, name: &str| values.get(name).cloned().unwrap_or_default();
    let change =
        |name: &String| FieldChange { field: name.clone(), before: value(before, name), after: value(after, name) };
    names.into_iter().map(change).filter(|change| change.before != change.after).collect()
}

fn describe_options(record: &NetworkRecord) -> Map<String, Value> {
    describe::attributes(&record.shown(&record.network.options)).into_iter().collect()
}

/// The fields of something that has some.
fn object(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}
