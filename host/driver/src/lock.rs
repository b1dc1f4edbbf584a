//! Single flight: one call at a time for a network, and for each of its endpoints.
//!
//! What changes a network excludes everything else on it; what changes an endpoint excludes only the network's own calls
//! and those of the same endpoint. What is about all endpoints of a container comes before either, what networks share
//! after both. Locks exist while
//! somebody holds or waits for them.
//!
//! Nobody takes a network's lock twice, not even to read: who waits to change the network comes before the second one.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use plan::{EndpointId, NetworkId};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};
use tokio::time::{Instant, timeout_at};

#[derive(Debug, Default)]
pub(crate) struct Locks {
    networks: Table<NetworkId, RwLock<()>>,
    endpoints: Table<EndpointId, AsyncMutex<()>>,
    containers: Table<String, AsyncMutex<()>>,
    shared: Table<NetworkId, Common>,
    entering: Mutex<()>,
}

/// What networks share: who works on it excludes the others, and they can tell who it is.
#[derive(Debug, Default)]
struct Common {
    alone: Arc<AsyncMutex<()>>,
    by: Mutex<Option<NetworkId>>,
}

/// Somebody else works on what networks share, and did not come to an end in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{by} works on what networks have in common ({shared}), and was not done in time: docker-ovs status says what it waits \
     for; try again then"
)]
pub(crate) struct Busy {
    shared: NetworkId,
    by: String,
}

/// Held while what networks share is made, changed or undone.
#[derive(Debug)]
pub(crate) struct SharedGuard(Vec<Held>);

// The lock goes first: while the entry is held the next one finds the same.
#[derive(Debug)]
struct Held {
    _alone: OwnedMutexGuard<()>,
    _common: Arc<Common>,
}

impl SharedGuard {
    /// Whether nothing is held: nothing is shared.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Held while an endpoint is worked on.
#[derive(Debug)]
pub(crate) struct EndpointGuard {
    _endpoint: OwnedMutexGuard<()>,
    _network: OwnedRwLockReadGuard<()>,
}

impl Locks {
    /// Excludes every other call on the network and its endpoints.
    pub(crate) async fn network(&self, id: &NetworkId) -> OwnedRwLockWriteGuard<()> {
        self.networks.get(id).write_owned().await
    }

    /// Excludes other calls on the endpoint, and calls on its network. In this order always: network, then endpoint.
    pub(crate) async fn endpoint(&self, network: &NetworkId, id: &EndpointId) -> EndpointGuard {
        let network = self.networks.get(network).read_owned().await;
        EndpointGuard { _endpoint: self.endpoints.get(id).lock_owned().await, _network: network }
    }

    /// Excludes other calls on one more endpoint of the network that is held already.
    pub(crate) async fn another(&self, _held: &EndpointGuard, id: &EndpointId) -> OwnedMutexGuard<()> {
        self.endpoints.get(id).lock_owned().await
    }

    /// Excludes others who make, change or undo what networks have in common, by the ids of that. After the network's own
    /// lock, always, and all of them at once: in their order nobody waits for somebody who waits for them. `by` is the
    /// network that is worked on; an error if somebody else is not done by the deadline.
    pub(crate) async fn shared(
        &self,
        ids: BTreeSet<NetworkId>,
        by: &NetworkId,
        deadline: Instant,
    ) -> Result<SharedGuard, Busy> {
        let mut held = Vec::with_capacity(ids.len());
        for id in ids {
            let common = self.shared.get(&id);
            let Ok(alone) = timeout_at(deadline, Arc::clone(&common.alone).lock_owned()).await else {
                return Err(Busy { by: common.worker(), shared: id });
            };
            *common.by.lock().unwrap_or_else(PoisonError::into_inner) = Some(by.clone());
            held.push(Held { _alone: alone, _common: common });
        }
        Ok(SharedGuard(held))
    }

    /// Excludes others who look whether what a network needs for itself is free, and take it. Nobody waits for anything
    /// while holding this.
    pub(crate) fn entering(&self) -> MutexGuard<'_, ()> {
        self.entering.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Excludes others who settle which endpoint of a container publishes what. Before any lock of a network or an
    /// endpoint, always.
    pub(crate) async fn container(&self, sandbox: &str) -> OwnedMutexGuard<()> {
        self.containers.get(&sandbox.to_owned()).lock_owned().await
    }
}

impl Common {
    /// Who works on it, in words.
    fn worker(&self) -> String {
        let by = self.by.lock().unwrap_or_else(PoisonError::into_inner).clone();
        by.map_or_else(|| "another call".to_owned(), |network| format!("another call, for network {network},"))
    }
}

#[derive(Debug)]
struct Table<K, L>(Mutex<HashMap<K, Weak<L>>>);

impl<K, L> Default for Table<K, L> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + std::hash::Hash, L: Default> Table<K, L> {
    fn get(&self, key: &K) -> Arc<L> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(key).and_then(Weak::upgrade) {
            return lock;
        }
        // Unheld ones are dropped when the table would grow, so that this costs nothing on the average call.
        if locks.len() == locks.capacity() {
            locks.retain(|_, lock| lock.strong_count() > 0);
        }
        let lock = Arc::new(L::default());
        locks.insert(key.clone(), Arc::downgrade(&lock));
        lock
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids() -> (NetworkId, EndpointId, EndpointId) {
        (NetworkId::new("n").unwrap(), EndpointId::new("a").unwrap(), EndpointId::new("b").unwrap())
    }

    #[tokio::test]
    async fn endpoints_of_a_network_do_not_wait_for_each_other() {
        let (locks, (network, a, b)) = (Locks::default(), ids());
        let _a = locks.endpoint(&network, &a).await;
        let _b = locks.endpoint(&network, &b).await;
    }

    #[tokio::test]
    async fn the_network_and_the_same_endpoint_wait() {
        let (locks, (network, a, b)) = (Locks::default(), ids());
        let held = locks.endpoint(&network, &a).await;
        let waiting = Box::pin(locks.endpoint(&network, &a));
        let Err(waiting) = futures_ready(waiting) else { panic!("the same endpoint got in") };
        assert!(futures_ready(Box::pin(locks.network(&network))).is_err());
        drop((held, waiting));
        let _network = locks.network(&network).await;
        assert!(futures_ready(Box::pin(locks.endpoint(&network, &b))).is_err());
    }

    #[tokio::test]
    async fn who_waits_for_what_is_shared_is_told_for_whom_and_others_come_after() {
        let (locks, (network, ..)) = (Locks::default(), ids());
        let shared = BTreeSet::from([NetworkId::new("shared").unwrap()]);
        let soon = || Instant::now() + std::time::Duration::from_millis(50);
        let other = NetworkId::new("other").unwrap();
        let held = locks.shared(shared.clone(), &network, soon()).await.unwrap();
        let busy = locks.shared(shared.clone(), &other, soon()).await.unwrap_err();
        assert!(busy.to_string().starts_with("another call, for network n, works on"), "{busy}");
        drop(held);
        let held = locks.shared(shared.clone(), &other, soon()).await.unwrap();
        let busy = locks.shared(shared, &network, soon()).await.unwrap_err();
        assert_eq!(busy.by, "another call, for network other,");
        drop(held);
    }

    /// The output of a future that is ready at once, else the future back.
    fn futures_ready<F: Future + Unpin>(mut future: F) -> Result<F::Output, F> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::Pin::new(&mut future).poll(&mut context) {
            std::task::Poll::Ready(output) => Ok(output),
            std::task::Poll::Pending => Err(future),
        }
    }
}
