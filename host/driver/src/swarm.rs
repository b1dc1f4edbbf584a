//! The hosts of Docker's swarm, as Docker told of them: it says so once, when a host comes or goes, and never again to a
//! driver that was restarted, so that they are written down.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use docker_api::{Discovery, DiscoveryChange};
use plan::HostFacts;
use plumbing::Dataplane;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex as AsyncMutex, Notify};

use crate::Driver;
use crate::error::Error;
use crate::store::Batch;

/// The hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Swarm {
    /// This one's address.
    pub(crate) own: Option<IpAddr>,
    /// The others'.
    pub(crate) peers: BTreeSet<IpAddr>,
}

impl Swarm {
    fn hear(&mut self, discovery: Discovery) {
        match (discovery.change, discovery.own) {
            (DiscoveryChange::Found, true) => self.own = Some(discovery.address),
            (DiscoveryChange::Lost, true) => self.own = None,
            (DiscoveryChange::Found, false) => drop(self.peers.insert(discovery.address)),
            (DiscoveryChange::Lost, false) => drop(self.peers.remove(&discovery.address)),
        }
    }

    /// Puts them among what is known of the host.
    pub(crate) fn tell(&self, host: HostFacts) -> HostFacts {
        HostFacts { swarm: self.peers.iter().copied().collect(), swarm_address: self.own, ..host }
    }
}

/// The hosts as they are now, and word of their changes.
#[derive(Debug)]
pub(crate) struct Members {
    now: Mutex<Swarm>,
    /// Held while a change is written down, so that the last one is written last.
    pub(crate) writing: AsyncMutex<()>,
    /// One change is due from the start: what networks have may be older than what was written down.
    pub(crate) changed: Notify,
}

impl Members {
    pub(crate) fn new(now: Swarm) -> Self {
        let changed = Notify::new();
        changed.notify_one();
        Self { now: Mutex::new(now), writing: AsyncMutex::default(), changed }
    }

    /// What there is now.
    pub(crate) fn now(&self) -> Swarm {
        self.lock().clone()
    }

    /// What there is once this is heard; none: that was known.
    pub(crate) fn with(&self, discovery: Discovery) -> Option<Swarm> {
        let now = self.now();
        let mut next = now.clone();
        next.hear(discovery);
        (next != now).then_some(next)
    }

    /// From now on it is so.
    pub(crate) fn become_so(&self, swarm: Swarm) {
        *self.lock() = swarm;
        self.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Swarm> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<D: Dataplane> Driver<D> {
    /// A host came or went. The networks that it concerns follow by themselves: Docker does not wait for that.
    pub(crate) async fn discover(&self, discovery: Discovery) -> Result<(), Error> {
        let _in_order = self.swarm.writing.lock().await;
        if let Some(next) = self.swarm.with(discovery) {
            self.store.write(Batch::default().swarm(&next)).await?;
            tracing::info!(?discovery, "the swarm's hosts changed");
            self.swarm.become_so(next);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(members: &Members, change: DiscoveryChange, address: &str, own: bool) -> bool {
        let next = members.with(Discovery { change, address: address.parse().unwrap(), own });
        next.is_some_and(|next| {
            members.become_so(next);
            true
        })
    }

    #[test]
    fn hosts_come_and_go_and_this_one_is_no_peer_of_itself() {
        let members = Members::new(Swarm::default());
        assert!(heard(&members, DiscoveryChange::Found, "192.0.2.1", true));
        assert!(heard(&members, DiscoveryChange::Found, "192.0.2.2", false));
        assert!(!heard(&members, DiscoveryChange::Found, "192.0.2.2", false), "told once more");
        let host = members.now().tell(HostFacts::default());
        assert_eq!(host.swarm, ["192.0.2.2".parse::<IpAddr>().unwrap()]);
        assert_eq!(host.swarm_address, Some("192.0.2.1".parse().unwrap()));
        assert!(heard(&members, DiscoveryChange::Lost, "192.0.2.2", false));
        assert!(!heard(&members, DiscoveryChange::Lost, "192.0.2.9", false), "nobody knew it");
        assert!(members.now().peers.is_empty());
    }
}
