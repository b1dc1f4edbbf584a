//! Addresses that Docker forgot: it died between asking for one and making the endpoint, or the driver was not there to hear
//! that one was given back.
//!
//! Docker does not say which network a pool is for, and networks of other drivers can have pools of this one, whose endpoints
//! nobody here hears of. So only where all claims of this host on a subnet are for networks of this driver is it known who
//! uses what. The rest an operator has to say.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::PoisonError;

use ipam::{ClaimId, Listed, Use};
use ipnet::IpNet;
use plan::NetworkId;
use plumbing::Dataplane;
use tokio::time::{Instant, MissedTickBehavior, interval};
use uuid::Uuid;

use crate::Driver;
use crate::record::NetworkState;

/// When it was first seen that nobody uses an address, by the nonce under which it was given.
pub(crate) type Unused = HashMap<Uuid, Instant>;

/// An address that was given to an endpoint.
struct Given<'a> {
    of: &'a Listed,
    address: IpAddr,
    claim: ClaimId,
    nonce: Uuid,
}

/// How much longer an address is left alone than other things without a record: Docker makes the endpoint some time after it
/// asked for the address, and calls may be under way for as long as their deadlines.
const PATIENCE: u32 = 10;

impl<D: Dataplane> Driver<D> {
    /// Gives back what Docker forgot, at times, until it is dropped.
    pub(crate) async fn keep_addresses(&self) {
        let mut timer = interval(self.config.every);
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            timer.tick().await;
            self.reclaim_addresses().await;
        }
    }

    pub(crate) async fn reclaim_addresses(&self) {
        let (pools, away) = self.ipam.pools(self.patience()).await;
        if let Some(away) = away {
            tracing::debug!(error = %away, "no look for addresses that nobody uses");
            return;
        }
        for Given { of, address, claim, nonce } in self.ripe_addresses(self.unused_addresses(&pools)) {
            tracing::info!(pool = %of.key, %address, "given back: no endpoint has it");
            self.ipam.reclaim_address(of, address, claim, nonce, self.patience()).await;
        }
    }

    /// Endpoints' addresses that were given through this driver's claims and that no endpoint has.
    fn unused_addresses<'a>(&self, pools: &'a [Listed]) -> Vec<Given<'a>> {
        let mut unused = Vec::new();
        for of in pools.iter().filter(|of| self.knows_all_of(of.key.subnet, pools)) {
            for (address, held) in &of.pool.taken {
                if let Use::Endpoint { claim, mac, nonce } = held
                    && self.is_own(of, *claim)
                    && !self.is_used(*address, mac.as_deref())
                {
                    unused.push(Given { of, address: *address, claim: *claim, nonce: *nonce });
                }
            }
        }
        unused
    }

    /// Whether all of this driver's claims on a subnet, in whatever VRF, are for its own networks.
    fn knows_all_of(&self, subnet: IpNet, pools: &[Listed]) -> bool {
        self.networks_on(subnet).len() == self.own_claims(pools.iter().filter(|of| of.key.subnet == subnet))
    }

    /// This driver's networks that have addresses of a subnet, in whatever VRF.
    pub(crate) fn networks_on(&self, subnet: IpNet) -> Vec<NetworkId> {
        let there = |state: NetworkState| state != NetworkState::Removing;
        let networks = self.state.networks().into_iter();
        let on = networks.filter(|record| there(record.state) && record.pools.contains(&subnet));
        on.map(|record| record.network.id.clone()).collect()
    }

    /// How many claims this driver has on some pools.
    pub(crate) fn own_claims<'a>(&self, pools: impl Iterator<Item = &'a Listed>) -> usize {
        pools.map(|of| of.claims_of(&self.ipam.holder().instance).count()).sum()
    }

    pub(crate) fn is_own(&self, of: &Listed, claim: ClaimId) -> bool {
        let holder = of.pool.claims.get(&claim).map(|claim| &claim.holder);
        holder.is_some_and(|holder| holder.instance == self.ipam.holder().instance)
    }

    /// Those that were seen long enough ago already; the others are remembered.
    fn ripe_addresses<'a>(&self, unused: Vec<Given<'a>>) -> Vec<Given<'a>> {
        let mut seen = self.unused.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, grace) = (Instant::now(), self.config.grace * PATIENCE);
        let since = |given: &Given<'_>| seen.get(&given.nonce).copied();
        let ripe = |given: &Given<'_>| since(given).is_some_and(|since| now.duration_since(since) >= grace);
        let fresh = unused.iter().map(|given| (given.nonce, since(given).unwrap_or(now))).collect();
        let ripe = unused.into_iter().filter(ripe).collect();
        *seen = fresh;
        ripe
    }
}
