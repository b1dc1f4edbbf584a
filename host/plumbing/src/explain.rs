//! Plans as the commands that would do the same.

use plan::{AdmittedStep, Label};

use crate::kind::{self, Parts};
use crate::{FirewallConfig, Work};

/// The commands that would do what each step does, on a host of which nothing is known: nothing has to run for that.
/// [`crate::Dataplane::explain`] knows the host.
#[must_use]
pub fn explain(work: &Work, firewall: &FirewallConfig) -> Vec<(Label, Vec<String>)> {
    explain_fitted(work, firewall, |_| {})
}

/// The same, where `fit` makes of a step's parts what they come to on this host.
pub(crate) fn explain_fitted(
    work: &Work,
    firewall: &FirewallConfig,
    fit: impl Fn(&mut [Parts]),
) -> Vec<(Label, Vec<String>)> {
    let lines = |step: &AdmittedStep| {
        // A step that cannot be performed has no commands.
        let mut parts: Vec<Parts> = kind::parts(work, step).into_iter().collect();
        fit(&mut parts);
        parts.iter().flat_map(|parts| kind::shell(work, step, parts, firewall)).collect()
    };
    work.steps.iter().map(|step| (step.label.clone(), lines(step))).collect()
}
