//! The hosts of Docker's swarm, as Docker told of them: it says so once, when a host comes or goes, and only to a driver
//! that it uses already, never again to one that was restarted. So they are written down, and Docker is asked, too.

mod ask;
mod heard;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use docker_api::{Discovery, DiscoveryChange};
use plan::{Action, HostFacts, NetworkId};
use plumbing::Dataplane;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio::time::Instant;

pub use self::ask::SwarmSource;
use self::heard::Heard;
use crate::error::Error;
use crate::notes::Problem;
use crate::record::NetworkRecord;
use crate::store::Batch;
use crate::{Driver, facts};

/// The hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swarm {
    /// This one's address; none: it is in no swarm.
    pub own: Option<IpAddr>,
    /// The others'.
    pub peers: BTreeSet<IpAddr>,
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
    /// Who came a moment ago.
    heard: Heard,
    /// What is not as it should be.
    wrong: Mutex<Wrong>,
    /// Held while a change is written down, so that the last one is written last.
    pub(crate) writing: AsyncMutex<()>,
    /// One change is due from the start: what networks have may be older than what was written down.
    changed: Notify,
    /// Docker is to be asked now.
    doubted: Notify,
}

#[derive(Debug, Default)]
struct Wrong {
    /// Why Docker cannot be asked, or has nobody to name.
    unknown: Option<String>,
    /// Networks that do not follow, and why.
    behind: BTreeMap<NetworkId, String>,
}

impl Members {
    pub(crate) fn new(now: Swarm) -> Self {
        let changed = Notify::new();
        changed.notify_one();
        Self {
            now: Mutex::new(now),
            heard: Heard::default(),
            wrong: Mutex::default(),
            writing: AsyncMutex::default(),
            changed,
            doubted: Notify::new(),
        }
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
    pub(crate) fn set(&self, swarm: Swarm) {
        *self.lock() = swarm;
        self.changed.notify_one();
    }

    /// Waits for the next change of the hosts, or for a look that is due.
    pub(crate) fn changed(&self) -> impl Future<Output = ()> {
        self.changed.notified()
    }

    /// Asks Docker again, and looks whether the networks have what there is.
    pub(crate) fn look_again(&self) {
        self.doubted.notify_one();
        self.changed.notify_one();
    }

    /// Why nobody can tell who is there, as of now; none: Docker has told. Logged once per cause.
    fn note_unknown(&self, why: Option<String>) {
        let mut wrong = self.wrong();
        if wrong.unknown == why {
            return;
        }
        if let Some(why) = &why {
            tracing::warn!(%why, "the swarm's hosts are those that Docker tells of as they come and go: asked, it names none");
        }
        wrong.unknown = why;
    }

    /// Why a network does not follow, as of now; none: it does. Logged once per cause.
    pub(crate) fn note_behind(&self, network: &NetworkId, why: Option<String>) {
        let mut wrong = self.wrong();
        match why {
            Some(why) if wrong.behind.get(network) != Some(&why) => {
                tracing::warn!(%network, %why, "its tunnels are not those to the swarm's hosts yet: it is tried again");
                wrong.behind.insert(network.clone(), why);
            }
            Some(_) => {}
            None => drop(wrong.behind.remove(network)),
        }
    }

    /// Networks that are gone follow nobody.
    pub(crate) fn keep_only(&self, networks: impl Fn(&NetworkId) -> bool) {
        self.wrong().behind.retain(|network, _| networks(network));
    }

    /// Whether a network that follows the swarm has tunnels to nobody, and nobody can tell who there is.
    pub(crate) fn leaves_alone(&self, record: &NetworkRecord) -> bool {
        self.wrong().unknown.is_some() && is_alone(record)
    }

    /// What is wrong with a network's tunnels to the swarm's hosts.
    pub(crate) fn problems(&self, record: &NetworkRecord) -> Vec<Problem> {
        let wrong = self.wrong();
        let late = wrong.behind.get(&record.network.id);
        let late = late.map(|why| format!("its tunnels are not those to the swarm's hosts yet: {why}"));
        let alone = wrong.unknown.as_ref().filter(|_| is_alone(record));
        let alone = alone.map(|why| format!("it follows Docker's swarm and knows no other host: {why}"));
        let told = late.into_iter().chain(alone);
        told.map(|what| Problem { step: None, what, repairable: true }).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Swarm> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wrong(&self) -> MutexGuard<'_, Wrong> {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the swarm's hosts are a network's peers.
pub(crate) fn follows(record: &NetworkRecord) -> bool {
    record.network.facts.iter().any(|fact| facts::is_followed(&fact.key))
}

/// Whether a network that follows the swarm has tunnels to nobody.
fn is_alone(record: &NetworkRecord) -> bool {
    let leads_nowhere = |action: &Action| matches!(action, Action::Tunnel(tunnel) if tunnel.peers.is_empty());
    follows(record) && record.plan.steps.iter().any(|step| leads_nowhere(&step.action))
}

impl<D: Dataplane> Driver<D> {
    /// A host came or went. The networks that it concerns follow by themselves: Docker does not wait for that.
    /// What Docker does not say is asked for.
    pub(crate) async fn discover(&self, discovery: Discovery) -> Result<(), Error> {
        let _in_order = self.swarm.writing.lock().await;
        tracing::info!(host = %discovery.address, change = ?discovery.change, own = discovery.own, "Docker told of a host");
        self.swarm.heard.note(&discovery, Instant::now());
        if let Some(next) = self.swarm.with(discovery) {
            self.now_there_are(next).await?;
        }
        self.swarm.doubted.notify_one();
        Ok(())
    }

    /// Writes down who is there; `writing` is held.
    async fn now_there_are(&self, next: Swarm) -> Result<(), Error> {
        self.store.write(Batch::default().swarm(&next)).await?;
        tracing::info!(own = ?next.own, others = ?next.peers, "the swarm's hosts changed");
        self.swarm.set(next);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(members: &Members, change: DiscoveryChange, address: &str, own: bool) -> bool {
        let next = members.with(Discovery { change, address: address.parse().unwrap(), own });
        next.is_some_and(|next| {
            members.set(next);
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
