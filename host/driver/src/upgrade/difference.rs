//! How two plans differ, step by step: by label, and by the names of what the steps make.

use plan::{Action, AdmittedStep};

/// A plan's steps, and the network's own where it is an endpoint's.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    pub(super) steps: Vec<AdmittedStep>,
    pub(super) scope: Vec<AdmittedStep>,
}

/// What becomes of a step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Move<'a> {
    Added(&'a AdmittedStep),
    Removed(&'a AdmittedStep),
    /// What it made is changed where it stands.
    Changed(&'a AdmittedStep, &'a AdmittedStep),
    /// What it made goes, and something else comes.
    Replaced(&'a AdmittedStep, &'a AdmittedStep),
}

impl<'a> Move<'a> {
    /// The step as it was.
    pub(super) fn before(&self) -> Option<&'a AdmittedStep> {
        match self {
            Self::Added(_) => None,
            Self::Removed(before) | Self::Changed(before, _) | Self::Replaced(before, _) => Some(before),
        }
    }

    /// The step as it becomes.
    pub(super) fn after(&self) -> Option<&'a AdmittedStep> {
        match self {
            Self::Removed(_) => None,
            Self::Added(after) | Self::Changed(_, after) | Self::Replaced(_, after) => Some(after),
        }
    }

    /// Whether what the step made before is gone for good.
    pub(super) fn goes(&self) -> Option<&'a AdmittedStep> {
        match self {
            Self::Removed(before) | Self::Replaced(before, _) => Some(before),
            Self::Added(_) | Self::Changed(..) => None,
        }
    }
}

impl Side {
    fn step(&self, label: &str) -> Option<&AdmittedStep> {
        self.steps.iter().find(|step| &*step.label == label)
    }

    /// The name of what a step builds on.
    fn ground(&self, step: &AdmittedStep) -> Option<&str> {
        let label = step.action.on()?;
        self.steps.iter().chain(&self.scope).find(|step| step.label == *label)?.name.as_deref()
    }
}

/// What comes and changes in the order of the new plan, and then what goes in the order of the old one. Reasons are words
/// only: a step with another one is the same.
pub(super) fn moves<'a>(before: &'a Side, after: &'a Side) -> Vec<Move<'a>> {
    let come = after.steps.iter().filter_map(|step| match before.step(&step.label) {
        None => Some(Move::Added(step)),
        Some(old) => became(before, old, after, step),
    });
    let go = before.steps.iter().filter(|step| after.step(&step.label).is_none()).map(Move::Removed);
    come.chain(go).collect()
}

fn became<'a>(before: &Side, old: &'a AdmittedStep, after: &Side, step: &'a AdmittedStep) -> Option<Move<'a>> {
    let same_object = old.action.kind() == step.action.kind()
        && (&old.name, &old.peer, &old.shared) == (&step.name, &step.peer, &step.shared);
    if !same_object {
        return Some(Move::Replaced(old, step));
    }
    let same = old.action == step.action && before.ground(old) == after.ground(step);
    (!same).then_some(Move::Changed(old, step))
}

/// Whether a step is a rule of the firewall: it makes nothing that has a name.
pub(crate) fn is_rule(step: &AdmittedStep) -> bool {
    matches!(step.action, Action::Masquerade(_) | Action::Forward(_) | Action::Publish(_))
}
