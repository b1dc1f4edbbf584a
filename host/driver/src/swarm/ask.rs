//! Docker, asked for the hosts of its swarm: its notices reach only a driver that it uses already. Of a swarm that was
//! there before the first network they tell only of this host, and of hosts that left while Docker or the driver was away,
//! nothing; nor of this one's own leaving. Asked beside Docker's calls, never inside them: Docker may hold what its answer
//! needs.

use std::collections::BTreeSet;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::time::Duration;

use plumbing::Dataplane;
use tokio::time::{Instant, sleep, timeout};

use super::{Swarm, follows};
use crate::Driver;
use crate::error::Error;

/// Notices come in bursts.
const BURST: Duration = Duration::from_millis(50);
/// When to ask again where the answer was none, or may be one of a Docker that is just starting.
const SOON: Duration = Duration::from_secs(2);
/// How often to ask though nothing was heard.
const AT_TIMES: Duration = Duration::from_secs(10);

/// Whoever can ask Docker for the hosts of its swarm. This crate does not know where Docker is: who starts the driver does.
pub trait SwarmSource: Send + Sync {
    /// The hosts as Docker knows them now; without an address of this one, it is in no swarm. Must not wait for long.
    ///
    /// # Errors
    ///
    /// Docker does not answer or does not know yet, in words.
    fn hosts(&self) -> Pin<Box<dyn Future<Output = Result<Swarm, String>> + Send + '_>>;
}

impl<D: Dataplane> Driver<D> {
    /// Asks Docker who is there, at the start, when there is a reason and at times, while a network follows the swarm.
    pub(crate) async fn keep_members(&self) {
        let mut missing = BTreeSet::new();
        loop {
            let doubted = self.swarm.doubted.notified();
            let again = match self.state.networks().iter().any(|record| follows(record)) {
                true => self.ask_docker(&mut missing).await,
                false => AT_TIMES,
            };
            // Either will do.
            drop(timeout(again, doubted).await);
            sleep(BURST).await;
        }
    }

    /// Asks once; `missing` are those that the answer before did not have. Says when to ask again.
    async fn ask_docker(&self, missing: &mut BTreeSet<IpAddr>) -> Duration {
        let told = match self.swarm_source.hosts().await {
            Ok(told) => told,
            Err(why) => {
                self.swarm.note_unknown(Some(why));
                return SOON;
            }
        };
        self.swarm.note_unknown(told.own.is_none().then(|| "this host is in no swarm: docker swarm join".to_owned()));
        match self.reconcile_members(told, missing).await {
            Ok(()) if missing.is_empty() => AT_TIMES,
            Ok(()) => SOON,
            Err(error) => {
                tracing::warn!(%error, "who is in the swarm is not written down: it is tried again");
                SOON
            }
        }
    }

    async fn reconcile_members(&self, told: Swarm, missing: &mut BTreeSet<IpAddr>) -> Result<(), Error> {
        let _in_order = self.swarm.writing.lock().await;
        let now = self.swarm.now();
        let next = reconciled(&now, told, &self.swarm.heard.fresh(Instant::now()), missing);
        if next != now {
            self.now_there_are(next).await?;
        }
        Ok(())
    }
}

/// Who is there after an answer. A host is gone once two answers did not have it: a Docker that is just starting finds the
/// others one by one. Those that came a moment ago stay in any case.
fn reconciled(now: &Swarm, mut told: Swarm, fresh: &BTreeSet<IpAddr>, missing: &mut BTreeSet<IpAddr>) -> Swarm {
    let Some(own) = told.own else {
        missing.clear();
        return told;
    };
    told.peers.remove(&own);
    let lacking = now.peers.difference(&told.peers).copied().filter(|peer| *peer != own);
    let (stay, doubtful): (BTreeSet<IpAddr>, BTreeSet<IpAddr>) = lacking.partition(|peer| fresh.contains(peer));
    *missing = doubtful.difference(missing).copied().collect();
    told.peers.extend(stay);
    told.peers.extend(&*missing);
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swarm(own: Option<&str>, peers: &[&str]) -> Swarm {
        let address = |text: &&str| text.parse().unwrap();
        Swarm { own: own.as_ref().map(address), peers: peers.iter().map(address).collect() }
    }

    #[test]
    fn who_comes_is_there_at_once_and_who_is_missing_twice_is_gone() {
        let (own, fresh, mut missing) = (Some("192.0.2.1"), BTreeSet::new(), BTreeSet::new());
        let before = swarm(None, &["192.0.2.1", "192.0.2.2"]);
        let told = || swarm(own, &["192.0.2.1", "192.0.2.3"]);
        let next = reconciled(&before, told(), &fresh, &mut missing);
        assert_eq!(next, swarm(own, &["192.0.2.2", "192.0.2.3"]), "this host is no peer of itself");
        assert_eq!(reconciled(&next, next.clone(), &fresh, &mut missing), next, "it was there again");
        let next = reconciled(&next, told(), &fresh, &mut missing);
        assert_eq!(next.peers.len(), 2);
        assert_eq!(reconciled(&next, told(), &fresh, &mut missing), swarm(own, &["192.0.2.3"]));
        assert!(missing.is_empty());
        assert_eq!(reconciled(&next, swarm(None, &[]), &fresh, &mut missing), swarm(None, &[]), "it left the swarm");
    }

    #[test]
    fn who_came_a_moment_ago_stays_though_answers_lack_it() {
        let (own, mut missing) = (Some("192.0.2.1"), BTreeSet::new());
        let (before, told) = (swarm(own, &["192.0.2.2"]), || swarm(own, &[]));
        for _ in 0..3 {
            assert_eq!(reconciled(&before, told(), &before.peers, &mut missing), before);
        }
        assert_eq!(reconciled(&before, told(), &BTreeSet::new(), &mut missing), before, "missing for the first time");
        assert_eq!(reconciled(&before, told(), &BTreeSet::new(), &mut missing), told());
    }
}
