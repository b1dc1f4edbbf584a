//! Letting go: at once where that can be, else later, but always.

use std::net::IpAddr;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Ipam;
use crate::change::Change;
use crate::error::Error;
use crate::id::{Place, PoolId};
use crate::key::PoolKey;
use crate::owed::{self, Debt};
use crate::pool::{Claim, Use};
use crate::store::Northbound;

/// How long Docker waits for what it would not ask again: it is done in any case.
const SHORT: Duration = Duration::from_secs(2);
/// How long one piece of background work may take, and the pause before the next try of one that failed.
const PATIENCE: Duration = Duration::from_secs(10);

impl Ipam {
    /// Lets go of an address; of one that this claim does not have there is nothing to let go.
    /// What cannot be done now is done later: Docker would not ask again.
    pub async fn release_address(&self, id: &PoolId, address: IpAddr, deadline: Instant) {
        let known = match id.place {
            Place::Own => [Some(self.own.pool(&id.key).await), None],
            Place::Northbound => [Some(self.given.pool(&id.key).await), self.northbound.last_known(&id.key).await],
        };
        let nonce = known.iter().flatten().find_map(|pool| match pool.taken.get(&address)? {
            Use::Endpoint { claim, nonce, .. } if *claim == id.claim => Some(*nonce),
            Use::Endpoint { .. } | Use::Shared { .. } => None,
        });
        self.let_go(&id.place, &id.key, Change::Release { address, claim: id.claim, nonce }, deadline).await;
    }

    /// Makes a change that only lets go: now if that can be, else later.
    pub(super) async fn let_go(&self, place: &Place, key: &PoolKey, change: Change, deadline: Instant) {
        if *place == Place::Own {
            if let Err(error) = self.own.change(key, &change).await {
                tracing::error!(pool = %key, %error, "nothing was let go of");
            }
            return;
        }
        let debt = Debt { key: key.clone(), change, unsure: false };
        let name = self.owed.owe(&debt).await;
        self.given.let_go(key, &debt.change).await;
        self.pay(&name, &debt, deadline.min(Instant::now() + SHORT)).await;
    }

    /// Notes that something has to be let go of if it is there at all, now or later: whether it was done is not known.
    pub(super) async fn owe(&self, key: &PoolKey, change: Change) {
        self.owed.owe(&Debt { key: key.clone(), change, unsure: true }).await;
        self.owed.remind();
    }

    async fn pay(&self, name: &str, debt: &Debt, deadline: Instant) -> bool {
        let paid = match self.northbound.store(deadline).await {
            Ok(Some(store)) => self.settle(&store, name, debt, deadline).await,
            Ok(None) => Err(Error::NoNorthbound { key: debt.key.clone() }),
            Err(error) => Err(error),
        };
        match paid {
            Ok(()) => self.owed.done(name).await,
            Err(error) => {
                tracing::warn!(pool = %debt.key, %error, "not let go of yet: it is tried again");
                self.owed.remind();
                return false;
            }
        }
        true
    }

    /// Lets go of what is owed. A cluster can do what it was sent long after whoever sent it stopped waiting, and then there
    /// would be nothing yet to let go of. What is written now has its place behind that: so a claim is, and is taken away.
    async fn settle(&self, store: &Northbound, name: &str, debt: &Debt, deadline: Instant) -> Result<(), Error> {
        let change = async |change: &Change| store.change(&debt.key, change, deadline).await.map(drop);
        if !debt.unsure {
            return change(&debt.change).await;
        }
        let (id, claim) = (owed::claim(name), Claim { holder: self.holder.clone(), range: None });
        change(&Change::Open { id, claim, alone: false }).await?;
        change(&debt.change).await?;
        change(&Change::Close { id }).await
    }

    /// Goes on with what could not be let go of, and keeps what was given, until it is dropped.
    pub async fn run(&self) {
        tokio::join!(self.pay_all(), self.keep_given());
    }

    async fn pay_all(&self) {
        loop {
            self.owed.more().await;
            for (name, debt) in self.owed.all() {
                if !self.pay(&name, &debt, Instant::now() + PATIENCE).await {
                    sleep(PATIENCE).await;
                    break;
                }
            }
        }
    }

    /// How much is still to be let go of.
    #[must_use]
    pub fn owed(&self) -> usize {
        self.owed.all().len()
    }
}
