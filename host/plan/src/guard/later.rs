//! What the contract has words for and this host does not do yet. What it learns is struck from here.

use super::denial::{Broken, Rule};
use crate::{Action, AdmittedStep, Attachment, EndpointPort, HostPort};

/// Checks that a step says nothing that would be left undone.
pub(super) fn check(step: &AdmittedStep) -> Result<(), Broken> {
    let missing = match &step.action {
        Action::Tunnel(_) => "tunnels to other hosts",
        action if is_logical(action) => "logical networks",
        Action::HostPort(HostPort { routes, .. }) if !routes.is_empty() => "routes of host ports",
        Action::EndpointPort(port) if port.secured || !port.allowed.is_empty() => "port security",
        Action::EndpointPort(EndpointPort { rate_ingress, rate_egress, .. })
            if rate_ingress.is_some() || rate_egress.is_some() =>
        {
            "rates"
        }
        _ => return Ok(()),
    };
    Err(Broken::new(Rule::Kind, step.action.kind(), format!("this host has no {missing} yet")))
}

fn is_logical(action: &Action) -> bool {
    match action {
        Action::LogicalSwitch(_)
        | Action::LogicalRouter(_)
        | Action::RouterPort(_)
        | Action::StaticRoute(_)
        | Action::Localnet(_)
        | Action::Acl(_)
        | Action::LoadBalancer(_)
        | Action::LogicalNat(_) => true,
        Action::HostPort(HostPort { on, .. }) | Action::EndpointPort(EndpointPort { on, .. }) => {
            matches!(on, Attachment::LogicalSwitch(_))
        }
        _ => false,
    }
}
