//! Letting go for those who cannot say it themselves any more.

use std::net::IpAddr;

use tokio::time::Instant;
use uuid::Uuid;

use super::Ipam;
use crate::change::Change;
use crate::error::Error;
use crate::id::ClaimId;
use crate::pool::Holder;
use crate::report::{Held, Listed};

impl Ipam {
    /// Lets go of an address that nobody gave back, unless it is another giving of it by now.
    pub async fn reclaim_address(&self, of: &Listed, address: IpAddr, claim: ClaimId, nonce: Uuid, deadline: Instant) {
        let release = Change::Release { address, claim, nonce: Some(nonce) };
        self.let_go(&of.place, &of.key, release, deadline).await;
    }

    /// Lets go of all claims that this driver has on a pool, and of what was given through them.
    pub async fn reclaim_own(&self, of: &Listed, deadline: Instant) {
        for id in of.claims_of(&self.holder.instance) {
            self.last().remove(&id);
            self.let_go(&of.place, &of.key, Change::Close { id }, deadline).await;
        }
    }

    /// Lets go, in the northbound database, of everything that a driver holds, by its instance; never of what this driver
    /// holds.
    ///
    /// # Errors
    /// If there is no such database, or it does not answer.
    pub async fn reclaim_instance(&self, instance: &str, deadline: Instant) -> Result<Vec<Held>, Error> {
        let Some(store) = self.northbound.store(deadline).await? else { return Ok(Vec::new()) };
        let is_meant = |holder: &Holder| holder.instance == instance && holder.instance != self.holder.instance;
        let mut reclaimed = Vec::new();
        for (key, pool) in store.pools(deadline).await? {
            for (id, claim) in pool.claims.iter().filter(|(_, claim)| is_meant(&claim.holder)) {
                store.change(&key, &Change::Close { id: *id }, deadline).await?;
                reclaimed.push(Held { key: key.clone(), id: *id, claim: claim.clone() });
            }
        }
        Ok(reclaimed)
    }
}
