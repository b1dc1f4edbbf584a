//! What is still to be let go of in the northbound database. Docker asks once and forgets, so it is written down before it
//! is tried, and tried until it is done: a restart of the driver or of the database loses nothing of it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::change::Change;
use crate::id::ClaimId;
use crate::key::PoolKey;
use crate::records::{Must, Records};

/// What the names of its records begin with.
pub(crate) const OWED: &str = "owed ";

/// A change to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Debt {
    pub(crate) key: PoolKey,
    pub(crate) change: Change,
    /// Whether what it takes back may still be under way: sent, and not answered.
    #[serde(default)]
    pub(crate) unsure: bool,
}

/// A claim that is a debt's own, by the name of its record: the same one after a restart.
pub(crate) fn claim(name: &str) -> ClaimId {
    name.strip_prefix(OWED).and_then(|id| id.parse().ok()).unwrap_or_else(ClaimId::random)
}

/// All of them, by the names of their records.
pub(crate) struct Owed {
    records: Arc<dyn Records>,
    debts: Mutex<BTreeMap<String, Debt>>,
    more: Notify,
}

impl Owed {
    pub(crate) fn new(records: Arc<dyn Records>, written: BTreeMap<String, Debt>) -> Self {
        let owed = Self { records, debts: Mutex::new(written), more: Notify::new() };
        owed.more.notify_one();
        owed
    }

    /// Writes one down and returns its name.
    pub(crate) async fn owe(&self, debt: &Debt) -> String {
        let name = format!("{OWED}{}", Uuid::new_v4().simple());
        // Text keys only: always representable.
        self.write(&name, Some(serde_json::to_vec(debt).unwrap_or_default())).await;
        self.debts().insert(name.clone(), debt.clone());
        name
    }

    /// Forgets one that is done.
    pub(crate) async fn done(&self, name: &str) {
        self.debts().remove(name);
        self.write(name, None).await;
    }

    /// Forgets what is owed of an address whoever has it through a claim: it was given through that claim again.
    pub(crate) async fn forget(&self, key: &PoolKey, by: ClaimId, of: IpAddr) {
        let is_meant = |debt: &Debt| match debt.change {
            Change::Release { address, claim, nonce: None } => debt.key == *key && claim == by && address == of,
            _ => false,
        };
        let meant: Vec<_> =
            self.debts().iter().filter(|(_, debt)| is_meant(debt)).map(|(name, _)| name.clone()).collect();
        for name in meant {
            self.done(&name).await;
        }
    }

    /// Has [`Owed::more`] look at what could not be done.
    pub(crate) fn remind(&self) {
        self.more.notify_one();
    }

    /// Returns when something may have to be done.
    pub(crate) async fn more(&self) {
        self.more.notified().await;
    }

    /// All that are left.
    pub(crate) fn all(&self) -> BTreeMap<String, Debt> {
        self.debts().clone()
    }

    async fn write(&self, name: &str, bytes: Option<Vec<u8>>) {
        if let Err(error) = self.records.write(vec![(name.to_owned(), bytes)], Must::InTheEnd).await {
            tracing::error!(%error, "what is to be let go of is not written down yet");
        }
    }

    fn debts(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Debt>> {
        self.debts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Owed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Owed").field("debts", &self.debts().len()).finish_non_exhaustive()
    }
}
