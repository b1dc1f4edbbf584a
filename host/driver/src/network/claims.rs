//! Objects that several networks may use: each user claims them, the last one out takes them down if we made them.

use plan::{Action, Admitted, AdmittedStep, BridgeOwner, HostFacts, NetworkId};
use plumbing::{Dataplane, Work};

use crate::Driver;
use crate::error::Error;
use crate::record::{Claim, NetworkRecord, Shared};

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
    /// made for one network, or will make, is that network's alone.
    pub(super) fn claim(&self, plan: &Admitted, network: &NetworkId, host: &HostFacts) -> Result<Vec<Claim>, Error> {
        let mut claims = Vec::new();
        for object in plan.steps.iter().filter_map(shared) {
            let claim = self.state.claim(&object, network);
            let other = claim.holders.iter().find(|holder| *holder != network).cloned();
            claims.push(claim);
            if let Some(holder) = other.filter(|_| !shareable(&object, host)) {
                self.unclaim(plan, network);
                return Err(Error::Taken { object, holder });
            }
        }
        Ok(claims)
    }

    /// Gives up everything a plan shares, and returns the claims as they are now.
    pub(super) fn unclaim(&self, plan: &Admitted, network: &NetworkId) -> Vec<Claim> {
        plan.steps.iter().filter_map(shared).map(|object| self.state.unclaim(&object, network)).collect()
    }

    /// What of a network is to be undone: not what another network still uses.
    pub(super) fn undoing(&self, record: &NetworkRecord) -> Work {
        let mut work = self.network_work(record);
        let others = |object| self.state.holders(&object).iter().any(|holder| *holder != record.network.id);
        work.steps.retain(|step| !shared(step).is_some_and(others));
        work
    }
}

fn shareable(object: &Shared, host: &HostFacts) -> bool {
    match object {
        Shared::Bridge(name) => host.bridge(name).is_some_and(|bridge| bridge.owner == BridgeOwner::Stranger),
        Shared::Uplink(_) => false,
    }
}
