//! Labels: well formed, unique together with those of the network's plan.

use super::Request;
use super::denial::{Broken, Denial, Rule, escaped};
use crate::{Admitted, AdmittedStep, Label, Plan, Reply, Step};

/// Reads the labels of a mode's plan: its steps as they may be admitted, and nothing told to Docker yet.
pub(super) fn read(plan: &Plan) -> Result<Admitted, Denial> {
    let read = |(index, step): (usize, &Step)| {
        let invalid =
            |_| Broken::new(Rule::Label, format_args!("\"{}\"", step.label), "give it a label such as \"bridge\"");
        let label = Label::new(&step.label).map_err(|error| invalid(error).in_step(index, &step.label))?;
        Ok(AdmittedStep {
            label,
            action: step.action.clone(),
            why: step.why.as_deref().map(escaped),
            shared: step.shared.clone(),
            name: None,
            peer: None,
        })
    };
    let steps = plan.steps.iter().enumerate().map(read).collect::<Result<_, Denial>>()?;
    Ok(Admitted { steps, reply: Reply::default() })
}

/// Checks that no label names two things.
pub(super) fn check(plan: &Admitted, request: &Request<'_>) -> Result<(), Denial> {
    let scope = request.scope();
    for (index, step) in plan.steps.iter().enumerate() {
        let taken = |other: &AdmittedStep| other.label == step.label;
        let broken = if scope.iter().any(taken) {
            Broken::new(Rule::Label, &step.label, "the network's plan has it already, take another")
        } else if plan.steps[..index].iter().any(taken) {
            Broken::new(Rule::Label, &step.label, "an earlier step has it already, take another")
        } else {
            continue;
        };
        return Err(broken.in_step(index, &step.label));
    }
    Ok(())
}
