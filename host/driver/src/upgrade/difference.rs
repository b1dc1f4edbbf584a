//! How two plans differ, step by step: by label, and by the names of what the steps make, or by what they say where that
//! has none.

use plan::{Action, AdmittedStep, Label};

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

    /// The step whose object goes for good.
    pub(super) fn goes(&self) -> Option<&'a AdmittedStep> {
        match self {
            Self::Removed(before) | Self::Replaced(before, _) => Some(before),
            Self::Added(_) | Self::Changed(..) => None,
        }
    }

    /// The step of which something may have to go: of a changed one without a name, too, since what is known by what it
    /// says becomes another thing.
    pub(super) fn leaves(&self) -> Option<&'a AdmittedStep> {
        match self {
            Self::Changed(before, _) if before.name.is_none() => Some(before),
            other => other.goes(),
        }
    }
}

impl Side {
    fn step(&self, label: &str) -> Option<&AdmittedStep> {
        self.steps.iter().find(|step| &*step.label == label)
    }

    /// What a step builds on, in what tells it from all else: its name, or what it says.
    fn grounds<'a>(&'a self, step: &'a AdmittedStep) -> Vec<(Option<&'a str>, Option<&'a Action>)> {
        let switch = match &step.action {
            Action::RouterPort(port) => Some(&port.switch),
            _ => None,
        };
        let known = |label: &Label| self.steps.iter().chain(&self.scope).find(|step| step.label == *label);
        let grounds = step.action.on().into_iter().chain(switch).filter_map(known);
        grounds.map(|step| (step.name.as_deref(), Some(&step.action).filter(|_| step.name.is_none()))).collect()
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
    let same = old.action == step.action && before.grounds(old) == after.grounds(step);
    (!same).then_some(Move::Changed(old, step))
}

/// Whether a step is a rule of the firewall: it makes nothing that has a name.
pub(crate) fn is_rule(step: &AdmittedStep) -> bool {
    matches!(step.action, Action::Masquerade(_) | Action::Forward(_) | Action::Publish(_))
}
