//! What the contract has words for and this host does not do yet. What it learns is struck from here.

use super::denial::{Broken, Rule};
use crate::{Action, AdmittedStep, Attachment, EndpointPort};

/// Checks that a step says nothing that would be left undone.
pub(super) fn check(step: &AdmittedStep) -> Result<(), Broken> {
    let missing = match &step.action {
        Action::EndpointPort(EndpointPort { on: Attachment::LogicalSwitch(_), .. }) => return Ok(()),
        Action::EndpointPort(port) if port.secured || !port.allowed.is_empty() => "port security on bridges",
        Action::EndpointPort(port) if port.rate_ingress.is_some() || port.rate_egress.is_some() => "rates on bridges",
        _ => return Ok(()),
    };
    Err(Broken::new(Rule::Kind, step.action.kind(), format!("this host has no {missing} yet")))
}
