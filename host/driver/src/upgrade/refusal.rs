//! Why a network was not moved to another module, in words for the operator.

use plan::{Denial, EndpointId, InvalidName, PublishedPort};

use crate::error::Error;

/// Why a network was not moved to another module.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotUpgraded {
    #[error("{0}; a mode's name, or the whole digest of a module (docker-ovs mode ls) is wanted")]
    Target(InvalidName),
    #[error("the difference is not the one that was confirmed: look at it again (--dry-run)")]
    Changed,
    #[error(
        "endpoint {endpoint} cannot be changed while it is joined, {why}: stop its container, and start it again after"
    )]
    Live { endpoint: EndpointId, why: String },
    #[error(
        "the module publishes no port of endpoint {endpoint} ({}): stop its container, and start it again after",
        .ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    )]
    Unpublished { endpoint: EndpointId, ports: Vec<PublishedPort> },
    /// What an endpoint's part in it ran into.
    #[error("endpoint {endpoint}: {cause}")]
    Endpoint { endpoint: EndpointId, cause: Box<Error> },
    #[error("{step}: {cause}; all is again as it was")]
    TakenBack { step: String, cause: Box<Error> },
    #[error(
        "{step}: {cause}; what was made is undone, but not all is as it was: the guard no longer admits that: {why}"
    )]
    Undone { step: String, cause: Box<Error>, why: Box<Denial> },
    #[error("{step}: {cause}; not all is as it was yet ({why}): the driver tries again")]
    Halfway { step: String, cause: Box<Error>, why: String },
}
