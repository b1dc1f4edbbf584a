//! The kinds of actions that each call may be answered with, and how many.

use super::denial::{Broken, Denial, Rule};
use super::{Asked, Request};
use crate::{Action, Admitted};

/// What has to exist for a network itself.
const NETWORK: [&str; 13] = [
    "bridge",
    "uplink",
    "tunnel",
    "host-port",
    "masquerade",
    "forward",
    "logical-switch",
    "logical-router",
    "router-port",
    "static-route",
    "localnet",
    "acl",
    "logical-nat",
];

/// Checks the kind of every step, and that an endpoint gets exactly one port.
pub(super) fn check(plan: &Admitted, request: &Request<'_>) -> Result<(), Denial> {
    for (index, step) in plan.steps.iter().enumerate() {
        kind(&step.action, request).map_err(|broken| broken.in_step(index, &step.label))?;
    }
    match (request.asked, plan.steps.as_slice()) {
        (Asked::Endpoint { .. }, []) => {
            Err(Broken::new(Rule::Kind, "no endpoint-port", "an endpoint's plan has exactly one").in_plan())
        }
        (Asked::Endpoint { .. }, [_, second, ..]) => {
            Err(Broken::new(Rule::Kind, "a second endpoint-port", "an endpoint's plan has exactly one")
                .in_step(1, &second.label))
        }
        (Asked::Endpoint { .. } | Asked::Network | Asked::Publish { .. }, _) => Ok(()),
    }
}

fn kind(action: &Action, request: &Request<'_>) -> Result<(), Broken> {
    if let Action::Custom(custom) = action {
        return Err(Broken::new(Rule::Kind, format_args!("\"{}\"", custom.kind), "this host knows no custom actions"));
    }
    let (call, kinds): (_, &[&str]) = match request.asked {
        Asked::Network => ("network", &NETWORK),
        Asked::Endpoint { .. } => ("endpoint", &["endpoint-port"]),
        Asked::Publish { .. } => ("publish", &["publish", "load-balancer"]),
    };
    if !kinds.contains(&action.kind()) {
        return Err(Broken::new(
            Rule::Kind,
            action.kind(),
            format!("plan-{call} is answered with {}", kinds.join(", ")),
        ));
    }
    let out = matches!(
        action,
        Action::Masquerade(_)
            | Action::Forward(_)
            | Action::Publish(_)
            | Action::RouterPort(_)
            | Action::StaticRoute(_)
            | Action::Localnet(_)
            | Action::LoadBalancer(_)
            | Action::LogicalNat(_)
    );
    if out && request.network.internal {
        return Err(Broken::new(Rule::Internal, action.kind(), "leave it out"));
    }
    Ok(())
}
