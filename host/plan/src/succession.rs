//! One plan in another one's place: what of the old one stays. What stays keeps the name that the host gave it, since
//! what bears it is changed where it stands: a link that runs in a container, above all, is never made again.

use crate::{Action, Admitted, AdmittedStep, NetworkId, SharedStep};

/// A plan whose place another one takes.
#[derive(Clone, Copy, Debug)]
pub struct Predecessor<'a> {
    /// The plan.
    pub plan: &'a Admitted,
    /// The network's own steps where this is an endpoint's plan, as they were.
    pub scope: &'a [AdmittedStep],
}

impl Admitted {
    /// Gives every step that stays the names that it has in `before`; `scope` is what the network's own steps are now,
    /// where these plans are an endpoint's.
    pub(crate) fn take_names(&mut self, before: Predecessor<'_>, scope: &[AdmittedStep]) {
        for at in 0..self.steps.len() {
            let (earlier, rest) = self.steps.split_at_mut(at);
            let Some(step) = rest.first_mut() else { return };
            let Some(old) = before.plan.step(&step.label).filter(|old| stays(old, step)) else {
                continue;
            };
            let grounds = (ground(old, &before.plan.steps, before.scope), ground(step, earlier, scope));
            if same(grounds) {
                step.name.clone_from(&old.name);
                step.peer.clone_from(&old.peer);
            }
        }
    }
}

impl Admitted {
    /// Gives every step that other networks have as well the names that it has there: it is the same thing.
    pub(crate) fn take_shared_names(&mut self, network: &NetworkId, shared: &[SharedStep]) {
        for step in self.steps.iter_mut().filter(|step| step.shared.is_some()) {
            let same = |other: &&SharedStep| {
                other.holder != *network && (&other.step.shared, &other.step.label) == (&step.shared, &step.label)
            };
            if let Some(other) = shared.iter().find(same) {
                step.name.clone_from(&other.step.name);
                step.peer.clone_from(&other.step.peer);
            }
        }
    }
}

fn stays(before: &AdmittedStep, after: &AdmittedStep) -> bool {
    before.shared == after.shared && becomes(&before.action, &after.action)
}

/// What a step builds on.
fn ground<'a>(step: &AdmittedStep, own: &'a [AdmittedStep], scope: &'a [AdmittedStep]) -> Option<&'a AdmittedStep> {
    let label = step.action.on()?;
    own.iter().chain(scope).find(|step| step.label == *label)
}

/// Whether two steps build on the same: by its name, or by what it says where it has none (a logical switch).
fn same(grounds: (Option<&AdmittedStep>, Option<&AdmittedStep>)) -> bool {
    match grounds {
        (Some(before), Some(after)) => {
            before.name == after.name && (before.name.is_some() || before.action == after.action)
        }
        (before, after) => before.is_none() && after.is_none(),
    }
}

/// Whether what one action made can be made what another one says, where it stands. A bridge's datapath moves all links of
/// it, a host port's addresses are routes, and a container's link is out of reach.
fn becomes(before: &Action, after: &Action) -> bool {
    match (before, after) {
        (Action::Bridge(before), Action::Bridge(after)) => before == after,
        // Peers come and go.
        (Action::Tunnel(_), Action::Tunnel(_)) => true,
        (Action::HostPort(before), Action::HostPort(after)) => before.addresses == after.addresses,
        (Action::EndpointPort(before), Action::EndpointPort(after)) => {
            (before.mac, before.mtu) == (after.mac, after.mtu)
        }
        // An uplink has the name of its interface; rules have none.
        _ => false,
    }
}
