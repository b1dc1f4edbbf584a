//! Plans, explained.

use admin::report::{ExplainedStep, Explanation};
use serde_json::Value;

use super::{Style, short};

/// `explain`.
pub(crate) fn explanation(explanation: &Explanation) -> String {
    let subject = match &explanation.endpoint {
        Some(endpoint) => format!("endpoint {} of network {}", short(endpoint), short(&explanation.network)),
        None => format!("network {}", short(&explanation.network)),
    };
    let mode = format!("planned by mode {} sha256:{}", explanation.mode, short(&explanation.mode_digest));
    let mut text = format!("{} {}\n", Style::Strong.paint(&subject), Style::Faint.paint(&mode));
    for (index, explained) in explanation.steps.iter().enumerate() {
        text.push_str(&step(index, explained));
    }
    if explanation.reply.as_object().is_some_and(|reply| reply.values().any(|value| !is_nothing(value))) {
        text.push_str(&format!("\n{} {}\n", Style::Strong.paint("Docker is told"), explanation.reply));
    }
    text
}

/// One step: what, why, by which grant, and the commands that would do the same.
pub(crate) fn step(index: usize, explained: &ExplainedStep) -> String {
    let ExplainedStep { step, grant, shell } = explained;
    let names = step.names.values().cloned().collect::<Vec<_>>().join(" ");
    let title = Style::Strong.paint(&format!("{}. {} {names}", index + 1, step.kind));
    let mut text = format!("\n{} {}\n", title.trim_end(), Style::Faint.paint(&format!("\"{}\"", step.label)));
    if let Some(why) = &step.why {
        text.push_str(&format!("   why    {why}\n"));
    }
    if !grant.is_empty() {
        text.push_str(&format!("   grant  {grant}\n"));
    }
    shell.iter().for_each(|line| text.push_str(&format!("   $ {line}\n")));
    text
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}
