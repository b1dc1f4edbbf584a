//! Address pools, for operators.

use std::collections::BTreeSet;

use admin::report::AddressPool;
use admin::{Failure, FailureKind};
use ipam::{Claim, Listed, Place, Use};
use plumbing::Dataplane;

use crate::Driver;

impl<D: Dataplane> Driver<D> {
    pub(super) async fn describe_pools(&self) -> Result<Vec<AddressPool>, Failure> {
        match self.ipam.pools(self.patience()).await {
            (pools, None) => Ok(pools.iter().map(|of| self.report(of)).collect()),
            (_, Some(silent)) => Err(away(&silent)),
        }
    }

    /// The claims of all drivers on pools in the northbound database.
    pub(super) async fn shared_claims(&self) -> Result<Vec<Claim>, Failure> {
        let (pools, silent) = self.ipam.pools(self.patience()).await;
        if let Some(silent) = silent {
            return Err(away(&silent));
        }
        let shared = pools.iter().filter(|of| of.place == Place::Northbound);
        Ok(shared.flat_map(|of| of.pool.claims.values().cloned()).collect())
    }

    /// Lets go of another driver's pools in the northbound database.
    pub(super) async fn reclaim_pools(&self, instance: &str) -> Result<(), Failure> {
        let reclaimed = self.ipam.reclaim_instance(instance, self.patience()).await.map_err(|silent| away(&silent))?;
        for held in reclaimed {
            tracing::info!(pool = %held.key, host = held.claim.holder.host, "an operator reclaims a host's pool");
        }
        Ok(())
    }

    fn report(&self, of: &Listed) -> AddressPool {
        let hosts: BTreeSet<_> = of.pool.claims.values().map(|claim| claim.holder.host.clone()).collect();
        let is_shared = |held: &Use| matches!(held, Use::Shared { .. });
        let shared = of.pool.taken.iter().filter(|(_, held)| is_shared(held)).map(|(address, _)| address.to_string());
        AddressPool {
            vrf: of.key.vrf.to_string(),
            subnet: of.key.subnet.to_string(),
            northbound: of.place == Place::Northbound,
            hosts: hosts.into_iter().collect(),
            networks: of.pool.claims.len(),
            endpoints: of.pool.taken.values().filter(|held| !is_shared(held)).count(),
            shared: shared.collect(),
            own_networks: self.own_claims([of].into_iter()),
            own_endpoints: self.own_addresses(of).iter().map(ToString::to_string).collect(),
            size: of.size(),
        }
    }
}

/// The northbound database does not answer, with the cause of that.
pub(super) fn away(error: &ipam::Error) -> Failure {
    Failure { kind: FailureKind::Unavailable, ..Failure::internal(error) }
}
