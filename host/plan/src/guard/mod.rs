//! The guard: admits a plan as a whole, or refuses it before the first side effect.
//!
//! A mode is not trusted. Whatever it answers, what gets past the guard touches this network's bridge or one that the
//! mode was granted, this endpoint's link, this network's addresses, and the ports that were asked for: nothing else on
//! the host. The guard is a pure function too. What it has to know about the host comes as a snapshot; plumbing, which
//! can look, checks the same things again when it performs.
//!
//! One file per action kind, each with one `check`; [`denial`](Denial) says no in the same form everywhere.

mod denial;
mod labels;
mod limits;

pub use denial::{Denial, DeniedStep, Rule};

use crate::{Admitted, Endpoint, Grants, HostFacts, Network, Plan, PublishedPort};

/// What the mode was asked for.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    /// What has to exist for the network itself.
    Network,
    /// What has to exist for one endpoint.
    Endpoint {
        /// The endpoint.
        endpoint: &'a Endpoint,
        /// The network's own plan: its labels are in scope.
        of: &'a Admitted,
    },
    /// What has to exist for the ports an endpoint publishes.
    Publish {
        /// The endpoint.
        endpoint: &'a Endpoint,
        /// The network's own plan: its labels are in scope.
        of: &'a Admitted,
        /// The ports the user published.
        ports: &'a [PublishedPort],
    },
}

/// Everything a plan is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The network the plan is for.
    pub network: &'a Network,
    /// What the mode was asked for.
    pub asked: Asked<'a>,
    /// What the mode may do.
    pub grants: &'a Grants,
    /// What there is on the host.
    pub host: &'a HostFacts,
}

/// Admits a mode's plan. Nothing it makes has a name yet: [`Admitted::name_objects`] gives them.
///
/// # Errors
///
/// The first rule that is broken, with the step that breaks it.
pub fn admit(plan: &Plan, request: &Request<'_>) -> Result<Admitted, Denial> {
    limits::check(plan)?;
    let admitted = labels::admit(plan)?;
    labels::check(&admitted, request)?;
    Ok(admitted)
}

/// Checks a plan from the store again, under today's grants and facts. What it made may exist by now.
///
/// # Errors
///
/// The first rule that is broken, with the step that breaks it.
pub fn readmit(stored: &Admitted, request: &Request<'_>) -> Result<(), Denial> {
    labels::check(stored, request)
}
