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
    let place = super::place(&undone.network, undone.endpoint.as_deref());
    // Nothing more is said where all of it is still to be undone.
    let step = if undone.step.is_empty() { String::new() } else { format!(" \"{}\" ({})", undone.step, undone.kind) };
    format!("{place}{step}, tried {} times in {} s: {error}", undone.attempts, undone.waiting_seconds)
}

fn change(change: &Change) -> String {
    let network = change.network.as_deref().map(|id| format!(" of network {}", short(id))).unwrap_or_default();
    format!("{} {}{network}: {}", change.kind, change.name, change.what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_told_and_so_is_nothing() {
        let nothing = Reconciled { networks: vec!["a".into()], duration_ms: 3, ..Reconciled::default() };
        assert_eq!(reconciled(&nothing), "1 network verified in 3 ms\n  everything is as planned\n");
        let repaired =
            Change { kind: "port".into(), name: "ove3".into(), what: "added again".into(), ..Change::default() };
        let kept = ToBeUndone {
            network: "3f9a".into(),
            step: "link".into(),
            kind: "endpoint-port".into(),
            ..ToBeUndone::default()
        };
        let text = reconciled(&Reconciled { repaired: vec![repaired], kept: vec![kept], ..nothing });
        assert!(
            text.contains("repaired port ove3: added again") && text.contains("not undone 3f9a \"link\""),
            "{text}"
        );
        assert!(!text.contains("as planned"), "{text}");
    }
}
