//! What belongs to another mode of this host, so that whoever takes one for the other is told which mode to ask for rather
//! than that there is no such option.

use std::fmt;

use crate::Scope;

/// The names of the other modes that know an option: one or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner(pub Vec<String>);

impl Owner {
    /// How to ask for them, for whoever gave their option in a place.
    pub(super) fn how(&self, scope: Scope) -> impl fmt::Display {
        let Self(modes) = self;
        let whose = format!("mode{} {}", if modes.len() > 1 { "s" } else { "" }, listed(modes, "and"));
        let options: Vec<String> = modes.iter().map(|mode| format!("--opt mode={mode}")).collect();
        let options = listed(&options, "or");
        if scope == Scope::Endpoint {
            return format!(
                "{whose}, and this network is of another: connect the container to one that was created with {options}"
            );
        }
        format!("{whose}: create the network with {options}")
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(items: &[String], word: &str) -> String {
    match items {
        [most @ .., last] if !most.is_empty() => format!("{} {word} {last}", most.join(", ")),
        items => items.concat(),
    }
}
