//! What removing did.

use admin::report::Removed;

use super::{Style, short};

/// `network rm`: a line for each, and one for all that is left of it.
pub(crate) fn removed(all: &[Removed]) -> String {
    let mut text = String::new();
    for removed in all {
        text.push_str(&what(removed));
        for left in &removed.kept {
            let line = super::reconciled::undone(left);
            text.push_str(&format!("  {} {line}; it is tried again\n", Style::Doubtful.paint("not undone")));
        }
    }
    text
}

fn what(removed: &Removed) -> String {
    let network = short(&removed.network);
    match (&removed.endpoint, removed.endpoints.len()) {
        (Some(endpoint), _) => format!("removed endpoint {} of network {network}\n", short(endpoint)),
        (None, 0) => format!("removed network {network}\n"),
        (None, 1) => format!("removed network {network} and its endpoint\n"),
        (None, count) => format!("removed network {network} and its {count} endpoints\n"),
    }
}

#[cfg(test)]
mod tests {
    use admin::report::ToBeUndone;

    use super::*;

    #[test]
    fn each_is_told_with_what_is_left_of_it() {
        let network = Removed { network: "3f9a".into(), endpoints: vec!["a".into(), "b".into()], ..Removed::default() };
        let left = ToBeUndone {
            network: "3f9a".into(),
            endpoint: Some("77c0".into()),
            attempts: 1,
            last_error: Some("Open vSwitch does not answer".into()),
            ..ToBeUndone::default()
        };
        let endpoint = Removed { endpoint: Some("77c0".into()), kept: vec![left], ..network.clone() };
        assert_eq!(
            removed(&[network, endpoint]),
            "removed network 3f9a and its 2 endpoints\n\
             removed endpoint 77c0 of network 3f9a\n  \
             not undone 3f9a/77c0, tried 1 times in 0 s: Open vSwitch does not answer; it is tried again\n"
        );
    }
}
