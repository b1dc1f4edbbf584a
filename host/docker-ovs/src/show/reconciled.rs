//! What a reconcile did.

use admin::report::{Change, Reconciled, ToBeUndone};

use super::{Style, short};

/// `network reconcile`.
pub(crate) fn reconciled(done: &Reconciled) -> String {
    let (count, time) = (done.networks.len(), done.duration_ms);
    let mut text = format!("{count} network{} verified in {time} ms\n", if count == 1 { "" } else { "s" });
    let mut lines = |style: Style, word: &str, lines: Vec<String>| {
        lines.iter().for_each(|line| text.push_str(&format!("  {} {line}\n", style.paint(word))));
    };
    lines(Style::Good, "repaired", done.repaired.iter().map(change).collect());
    lines(Style::Good, "removed", done.removed.iter().map(change).collect());
    lines(Style::Doubtful, "not undone", done.kept.iter().map(undone).collect());
    lines(Style::Bad, "broken", done.broken.iter().map(super::network::drift).collect());
    if done.repaired.is_empty() && done.removed.is_empty() && done.kept.is_empty() && done.broken.is_empty() {
        text.push_str("  everything is as planned\n");
    }
    text
}

/// What could not be undone yet.
pub(super) fn undone(undone: &ToBeUndone) -> String {
    let error = undone.last_error.as_deref().unwrap_or("not tried yet");
    let (network, step, kind) = (short(&undone.network), &undone.step, &undone.kind);
    format!("{network} \"{step}\" ({kind}), tried {} times in {} s: {error}", undone.attempts, undone.waiting_seconds)
}

fn change(change: &Change) -> String {
    let network = change.network.as_deref().map(short).unwrap_or_default();
    format!("{} {} {network}: {}", change.kind, change.name, change.what)
}
