//! Address pools, for operators.

use std::collections::BTreeSet;

use admin::report::{AddressPool, Holding};
use admin::{Failure, FailureKind};
use ipam::{Claim, Holder, Listed, Place, Use};
use plumbing::Dataplane;

use crate::Driver;

impl<D: Dataplane> Driver<D> {
    pub(super) async fn describe_pools(&self) -> Result<Vec<AddressPool>, Failure> {
        match self.ipam.pools(self.patience()).await {
            (pools, None) => Ok(pools.iter().map(report).collect()),
            (_, Some(away)) => Err(Failure::new(FailureKind::Unavailable, away.to_string())),
        }
    }

    /// Adds the pools in the northbound database to what drivers have there.
    pub(super) async fn add_pools(&self, holdings: &mut Vec<Holding>) -> Result<(), Failure> {
        let (pools, away) = self.ipam.pools(self.patience()).await;
        if let Some(away) = away {
            return Err(Failure::new(FailureKind::Unavailable, away.to_string()));
        }
        let shared = pools.iter().filter(|of| of.place == Place::Northbound);
        for claim in shared.flat_map(|of| of.pool.claims.values()) {
            self.add_claim(holdings, claim);
        }
        Ok(())
    }

    /// Lets go of a host's pools, and adds them to what else it had.
    pub(super) async fn reclaim_pools(&self, host: &str, holdings: &mut Vec<Holding>) -> Result<(), Failure> {
        let reclaimed = self.ipam.reclaim_host(host, self.patience()).await;
        let reclaimed = reclaimed.map_err(|away| Failure::new(FailureKind::Unavailable, away.to_string()))?;
        for held in reclaimed {
            tracing::info!(pool = %held.key, host = held.claim.holder.host, "an operator reclaims a host's pool");
            self.add_claim(holdings, &held.claim);
        }
        Ok(())
    }

    fn add_claim(&self, holdings: &mut Vec<Holding>, claim: &Claim) {
        let Holder { instance, host } = &claim.holder;
        match holdings.iter_mut().find(|holding| holding.instance == *instance) {
            Some(holding) => holding.pools += 1,
            None => holdings.push(Holding {
                host: host.clone(),
                instance: instance.clone(),
                own: *instance == self.ipam.holder().instance,
                pools: 1,
                ..Holding::default()
            }),
        }
    }
}

fn report(of: &Listed) -> AddressPool {
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
        size: of.size(),
    }
}
