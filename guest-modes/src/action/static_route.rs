//! `static-route`: a route of a logical router.

use crate::{Label, Route};

/// A route of a logical router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticRoute {
    /// The router's step.
    pub router: Label,
    /// Where to, and through whom.
    pub route: Route,
}

impl StaticRoute {
    /// Gives a router a route.
    #[must_use]
    pub fn on(router: &Label, route: Route) -> Self {
        Self { router: router.clone(), route }
    }
}
