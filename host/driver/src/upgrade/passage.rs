//! How what one plan made becomes what another one says, as work for the plumbing.

use plan::{AdmittedStep, InterfaceName};
use plumbing::{Error, Mark, Work};

use super::difference::{Side, is_rule, moves};

/// The work on a network, or on one of its endpoints.
#[derive(Debug)]
pub(super) struct Passage {
    /// What is changed where it stands, as it was; with all rules, if any of them comes, goes or changes.
    pub(super) from: Work,
    /// What comes, and what is changed, as it becomes; with all rules likewise.
    pub(super) to: Work,
    /// What goes once everything else is done, but for what `kept` says as well. A container's link never does.
    pub(super) gone: Work,
    /// All that there is to be then.
    pub(super) kept: Work,
    /// All steps that something becomes of.
    moved: Vec<AdmittedStep>,
}

impl Passage {
    pub(super) fn new(mark: &Mark, before: &Side, after: &Side) -> Self {
        let moves = moves(before, after);
        let moved: Vec<_> = moves.iter().filter_map(|step| step.after().or(step.before())).cloned().collect();
        let is_ruled = moves.iter().flat_map(|step| [step.before(), step.after()]).flatten().any(is_rule);
        let work = |objects: Vec<&AdmittedStep>, side: &Side| {
            let objects = objects.into_iter().filter(|step| !is_rule(step));
            let rules = side.steps.iter().filter(|step| is_ruled && is_rule(step));
            let scope = side.steps.iter().chain(&side.scope).cloned().collect();
            Work { mark: mark.clone(), steps: objects.chain(rules).cloned().collect(), scope }
        };
        let kept = |name: &InterfaceName| after.steps.iter().any(|kept| kept.name.as_ref() == Some(name));
        let stands = |step: &AdmittedStep| step.peer.is_some() || step.name.as_ref().is_some_and(kept);
        let gone = moves.iter().filter_map(|step| step.leaves()).filter(|step| !is_rule(step) && !stands(step));
        Self {
            from: work(
                moves.iter().filter(|step| step.goes().is_none()).filter_map(|step| step.before()).collect(),
                before,
            ),
            to: work(moves.iter().filter_map(|step| step.after()).collect(), after),
            gone: Work { steps: gone.cloned().collect(), ..work(Vec::new(), before) },
            kept: Work { mark: mark.clone(), steps: after.steps.clone(), scope: after.scope.clone() },
            moved,
        }
    }

    /// The same, but nothing of these steps is performed: what stands of them is left as it is.
    pub(super) fn sparing(mut self, denied: &[AdmittedStep]) -> Self {
        self.to.steps.retain(|step| !denied.contains(step));
        self
    }

    /// What `from` made that is not `to`'s, to be undone: objects, and all rules if any of them is another one.
    pub(super) fn made(self) -> Work {
        let rules = self.from.steps.into_iter().filter(is_rule);
        Work { steps: self.gone.steps.into_iter().chain(rules).collect(), ..self.from }
    }

    /// Which of its steps an error is about: those whose objects it names, else all that it can be about.
    pub(super) fn blame(&self, error: &Error) -> String {
        let said = error.to_string();
        let words = || said.split(|letter: char| !letter.is_ascii_alphanumeric() && !"-_.".contains(letter));
        let is_named = |step: &&AdmittedStep| match (error, &step.name) {
            (Error::Step { label, .. }, _) => **label == *step.label,
            (_, Some(name)) => words().any(|word| word == name.as_str()),
            (_, None) => false,
        };
        let named: Vec<_> = self.moved.iter().filter(is_named).collect();
        let blamed = if named.is_empty() { self.moved.iter().collect() } else { named };
        let labels: Vec<_> = blamed.iter().map(|step| format!("\"{}\"", step.label)).collect();
        let steps = if labels.len() == 1 { "step" } else { "steps" };
        let whose = match &self.to.mark.endpoint {
            Some(endpoint) => format!("endpoint {endpoint}"),
            None => "the network".to_owned(),
        };
        format!("{steps} {} of {whose}", labels.join(", "))
    }
}
