//! What belongs to another mode of this host, so that whoever takes one for the other is told which mode to ask for rather
//! than that there is no such option.

use std::fmt;

use crate::Scope;

/// The name of the other mode that knows an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner(pub String);

impl Owner {
    /// How to ask for it, for whoever gave its option in a place.
    pub(super) fn how(&self, scope: Scope) -> impl fmt::Display {
        let Self(mode) = self;
        if scope == Scope::Endpoint {
            return format!(
                "mode {mode}, and this network is of another: connect the container to one that was created with --opt \
                 mode={mode}"
            );
        }
        format!("mode {mode}: create the network with --opt mode={mode}")
    }
}
