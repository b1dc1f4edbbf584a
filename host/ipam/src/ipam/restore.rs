//! Taking again what the northbound database lost: emptied, restored from an old copy, or another one by now. Rows of
//! networks are made again by who plans them; addresses are by what was written down of them.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::Ipam;
use super::pools::overlap;
use crate::change::{Change, Outcome};
use crate::error::Error;
use crate::given::{has, lost};
use crate::key::PoolKey;
use crate::pool::Use;
use crate::store::Store;

/// How long one look may take, and how long nothing may be heard until the next one: that the database is another one, no
/// change tells.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pause after a look that failed.
const SOON: Duration = Duration::from_secs(1);
/// Changes come in bursts.
const BURST: Duration = Duration::from_millis(50);

impl Ipam {
    /// Keeps what this host was given in the database, until it is dropped.
    pub(super) async fn keep_given(&self) {
        loop {
            match self.look_after_given(Instant::now() + PATIENCE).await {
                Ok(()) => sleep(BURST).await,
                Err(error) => {
                    tracing::debug!(%error, "no look at what this host has in the northbound database");
                    sleep(SOON).await;
                }
            }
        }
    }

    /// Takes again what is lost now, and waits for the next change.
    async fn look_after_given(&self, deadline: Instant) -> Result<(), Error> {
        let Some(northbound) = self.northbound.store(deadline).await? else {
            sleep(PATIENCE).await;
            return Ok(());
        };
        let mut changes = northbound.changes();
        let store = Store::Northbound(northbound);
        let given = self.given.pools().await;
        self.told().retain(|key, _| given.contains_key(key));
        for key in given.keys() {
            self.restore(&store, key, deadline).await?;
        }
        // Nothing heard for so long is no error.
        let _ = timeout_at(deadline, changes.next()).await;
        Ok(())
    }

    /// Takes again what a pool lost of what this host has in it. What somebody else has by now is told once.
    pub(super) async fn restore(&self, store: &Store, key: &PoolKey, deadline: Instant) -> Result<(), Error> {
        let had = self.given.pool(key).await;
        let lost = lost(&had, &*store.pool(key, deadline).await?);
        let mut conflicts = Vec::new();
        if lost.iter().any(|change| matches!(change, Change::Open { .. }))
            && let Err(overlap) = overlap(key, &store.pools(deadline).await?)
        {
            self.tell(key, vec![overlap.to_string()]);
            return Ok(());
        }
        let mut restored = 0;
        for change in &lost {
            match self.take_again(store, key, change, deadline).await? {
                Outcome::Done => restored += 1,
                Outcome::Taken(held) => conflicts.extend(self.conflict(store, key, change, &held, deadline).await),
                // Its claim was let go of meanwhile.
                Outcome::NoClaim | Outcome::Occupied => {}
            }
        }
        if restored > 0 {
            tracing::warn!(pool = %key, restored, "the northbound database had lost what this host has: taken again");
        }
        self.tell(key, conflicts);
        Ok(())
    }

    async fn take_again(
        &self,
        store: &Store,
        key: &PoolKey,
        change: &Change,
        deadline: Instant,
    ) -> Result<Outcome, Error> {
        let taken = store.change(key, change, deadline).await;
        // Let go of meanwhile: that was done before this, perhaps.
        if !has(&*self.given.pool(key).await, change)
            && let Some(undo) = change.undo()
        {
            self.owe(key, undo).await;
        }
        taken
    }

    /// That somebody else has an address of this host's; none: it is being given to the same endpoint again.
    async fn conflict(
        &self,
        store: &Store,
        key: &PoolKey,
        wanted: &Change,
        held: &Use,
        deadline: Instant,
    ) -> Option<String> {
        match (wanted, held) {
            (Change::Take { claim, mac, .. }, Use::Endpoint { claim: by, mac: of, .. }) if by == claim && of == mac => {
                None
            }
            (Change::Take { address, .. } | Change::Share { address, .. }, _) => {
                Some(self.in_use(store, key, *address, held, deadline).await.to_string())
            }
            _ => None,
        }
    }

    /// Logs what stands in the way of what this host has, unless that was the same at the last look.
    fn tell(&self, key: &PoolKey, conflicts: Vec<String>) {
        let mut told = self.told();
        let before = told.remove(key).unwrap_or_default();
        for conflict in conflicts.iter().filter(|conflict| !before.contains(conflict)) {
            tracing::error!(
                conflict,
                "the northbound database had lost what this host has, and gave it to others: one of the two has to go"
            );
        }
        if !conflicts.is_empty() {
            told.insert(key.clone(), conflicts);
        }
    }
}
