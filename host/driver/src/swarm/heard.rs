//! Hosts that Docker told of a moment ago. Asked, it names those that its overlay knows, and a host that just joined may not
//! be among them yet: for a while its notice counts for more than its answers.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use docker_api::{Discovery, DiscoveryChange};
use tokio::time::Instant;

/// How long.
const FRESH: Duration = Duration::from_secs(30);

/// When each host was last told of.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<BTreeMap<IpAddr, Instant>>);

impl Heard {
    /// Docker told of a host.
    pub(super) fn note(&self, discovery: &Discovery, now: Instant) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.retain(|address, at| *address != discovery.address && is_fresh(*at, now));
        if discovery.change == DiscoveryChange::Found && !discovery.own {
            heard.insert(discovery.address, now);
        }
    }

    /// The hosts that came a moment ago, as of now.
    pub(super) fn fresh(&self, now: Instant) -> BTreeSet<IpAddr> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.iter().filter(|(_, at)| is_fresh(**at, now)).map(|(address, _)| *address).collect()
    }
}

fn is_fresh(at: Instant, now: Instant) -> bool {
    now.duration_since(at) < FRESH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_counts_for_a_while_and_until_the_next() {
        let (heard, now) = (Heard::default(), Instant::now());
        let notice = |change, own| Discovery { change, address: "192.0.2.2".parse().unwrap(), own };
        heard.note(&notice(DiscoveryChange::Found, false), now);
        assert_eq!(heard.fresh(now + FRESH / 2).len(), 1);
        assert!(heard.fresh(now + FRESH).is_empty());
        heard.note(&notice(DiscoveryChange::Found, false), now + FRESH / 2);
        assert_eq!(heard.fresh(now + FRESH).len(), 1, "it was told of again");
        heard.note(&notice(DiscoveryChange::Lost, false), now + FRESH);
        assert!(heard.fresh(now + FRESH).is_empty(), "it went");
        heard.note(&notice(DiscoveryChange::Found, true), now);
        assert!(heard.fresh(now).is_empty(), "this host is no peer of itself");
    }
}
