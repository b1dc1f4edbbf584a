//! Plans, explained.

use admin::report::{ExplainedStep, Explanation, Step};
use serde_json::Value;

use super::{Style, short};

/// `explain`; `subject` is what was asked for, in the user's words.
pub(crate) fn explanation(subject: &str, explanation: &Explanation) -> String {
    let ids = match &explanation.endpoint {
        Some(endpoint) => format!("endpoint {} of network {}", short(endpoint), short(&explanation.network)),
        None => format!("network {}", short(&explanation.network)),
    };
    let mode = format!("{ids}, planned by mode {} sha256:{}", explanation.mode, short(&explanation.mode_digest));
    let mut text = format!("{}  {}\n", Style::Strong.paint(subject), Style::Faint.paint(&mode));
    for (index, ExplainedStep { step: planned, grant, shell }) in explanation.steps.iter().enumerate() {
        text.push_str(&step(index, planned));
        text.push_str(&format!("   grant  {grant}\n"));
        text.push_str(&commands(shell));
    }
    text + &reply(&explanation.reply)
}

/// One step: what it is, and why it is there.
pub(crate) fn step(index: usize, step: &Step) -> String {
    let names = step.names.values().cloned().collect::<Vec<_>>().join(" ");
    let title = format!("{}. {} {names}", index + 1, step.kind);
    let label = Style::Faint.paint(&format!("\"{}\"", step.label));
    let mut text = format!("\n{} {label}\n", Style::Strong.paint(title.trim_end()));
    if let Some(why) = &step.why {
        text.push_str(&format!("   why    {why}\n"));
    }
    text
}

/// The commands that would do what a step does.
pub(crate) fn commands(lines: &[String]) -> String {
    lines.iter().map(|line| format!("   $ {line}\n")).collect()
}

/// What Docker is told, as far as there is something to tell.
pub(crate) fn reply(reply: &Value) -> String {
    let told = reply.as_object().into_iter().flatten().filter(|(_, value)| !is_nothing(value));
    let told: Vec<_> = told.map(|(key, value)| format!("{}={}", key.replace('_', "-"), said(value))).collect();
    if told.is_empty() {
        return String::new();
    }
    format!("\n{} {}\n", Style::Strong.paint("Docker is told"), told.join(" "))
}

fn said(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether a part of a reply says nothing: no address, no routes, and Docker does by itself what it does.
fn is_nothing(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Bool(false)) || value.as_array().is_some_and(Vec::is_empty)
}
