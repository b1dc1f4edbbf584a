//! Objects that several networks may use because a user named them: each claims them, the last one out takes them down if
//! we made them.

use plan::{Action, Admitted, AdmittedStep, BridgeOwner, HostFacts, NetworkId};
use plumbing::Dataplane;

use crate::Driver;
use crate::error::Error;
use crate::record::{Claim, Shared};

/// The object a step shares with other networks, if it is one that a user named.
fn shared(step: &AdmittedStep) -> Option<Shared> {
    match &step.action {
        Action::Bridge(bridge) => bridge.name.as_ref().map(|name| Shared::Bridge(name.to_string())),
        Action::Uplink(uplink) => Some(Shared::Uplink(uplink.name.to_string())),
        _ => None,
    }
}

impl<D: Dataplane> Driver<D> {
    /// Claims everything a plan shares, or nothing. A bridge that the user made may be used by several networks; what we
    /// made for one network, or will make, is that network's alone, or of those that share it.
    pub(crate) fn claim(
        &self,
        mode: &str,
        plan: &Admitted,
        network: &NetworkId,
        host: &HostFacts,
    ) -> Result<Vec<Claim>, Error> {
        let mut claims = Vec::new();
        for (step, object) in plan.steps.iter().filter_map(|step| Some((step, shared(step)?))) {
            let claim = self.state.claim(&object, network);
            let mut others = claim.holders.iter().filter(|holder| *holder != network);
            let other = others.find(|holder| !self.shares(mode, step, holder)).cloned();
            claims.push(claim);
            if let Some(holder) = other.filter(|_| !shareable(&object, host)) {
                self.unclaim(plan, network);
                return Err(Error::Taken { object, holder });
            }
        }
        Ok(claims)
    }

    /// Claims again what a plan shares and was given up a moment ago.
    pub(crate) fn claim_again(&self, plan: &Admitted, network: &NetworkId) {
        plan.steps.iter().filter_map(shared).for_each(|object| drop(self.state.claim(&object, network)));
    }

    /// Gives up everything a plan shares, and returns the claims as they are now.
    pub(crate) fn unclaim(&self, plan: &Admitted, network: &NetworkId) -> Vec<Claim> {
        plan.steps.iter().filter_map(shared).map(|object| self.state.unclaim(&object, network)).collect()
    }

    /// Whether another network uses what a step of a network's plan is about.
    pub(crate) fn is_anothers(&self, mode: &str, step: &AdmittedStep, network: &NetworkId) -> bool {
        if let Some(key) = &step.shared {
            let sharers = self.sharers(&NetworkId::of_shared(mode, key), &step.label);
            return sharers.iter().any(|sharer| sharer != network);
        }
        shared(step).is_some_and(|object| self.state.holders(&object).iter().any(|holder| holder != network))
    }
}

/// What of a plan shares objects that another plan does not.
pub(crate) fn shares_beyond(plan: &Admitted, other: &Admitted) -> Admitted {
    let is_there = |object: &Shared| other.steps.iter().filter_map(shared).any(|there| there == *object);
    let more = plan.steps.iter().filter(|step| shared(step).is_some_and(|object| !is_there(&object)));
    Admitted { steps: more.cloned().collect(), ..Admitted::default() }
}

fn shareable(object: &Shared, host: &HostFacts) -> bool {
    match object {
        Shared::Bridge(name) => host.bridge(name).is_some_and(|bridge| bridge.owner == BridgeOwner::Stranger),
        Shared::Uplink(_) => false,
    }
}
