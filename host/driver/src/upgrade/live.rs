//! What is out of reach while a container runs: its link was moved into it, and stays as it was made.

use plan::{Action, AdmittedStep};

use super::NotUpgraded;
use super::next::{Next, Pair};
use crate::record::{EndpointRecord, EndpointState};

/// Checks that every joined endpoint keeps its link.
pub(super) fn check(next: &Next) -> Result<(), NotUpgraded> {
    for pair in next.endpoints.iter().filter(|pair| pair.before.state == EndpointState::Joined) {
        if let Some(why) = lost(pair) {
            return Err(NotUpgraded::Live { endpoint: pair.before.endpoint.id.clone(), why });
        }
    }
    Ok(())
}

/// Why an endpoint would get another link, if it would.
fn lost(pair: &Pair<EndpointRecord>) -> Option<String> {
    let link = |record: &EndpointRecord| record.plan.steps.iter().find(|step| step.peer.is_some()).cloned();
    let (before, after) = (link(&pair.before)?, link(&pair.after));
    match after {
        Some(after) if after.name == before.name => None,
        Some(after) => Some(difference(&before, &after)),
        None => Some("the module plans no link for it".to_owned()),
    }
}

fn difference(before: &AdmittedStep, after: &AdmittedStep) -> String {
    let mtu = |step: &AdmittedStep| match &step.action {
        Action::EndpointPort(port) => port.mtu,
        _ => None,
    };
    let words = |mtu: Option<u16>| mtu.map_or("the kernel's default".to_owned(), |mtu| mtu.to_string());
    if before.label != after.label {
        format!("its link is step \"{}\" and not \"{}\"", before.label, after.label)
    } else if mtu(before) != mtu(after) {
        format!("its link has the MTU {} and would get {}", words(mtu(before)), words(mtu(after)))
    } else {
        "its link would be on another bridge or switch".to_owned()
    }
}
