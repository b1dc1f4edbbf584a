//! Networks whose peers are the hosts of Docker's swarm: as hosts come and go, the plans are asked for again, of the same
//! module, and what differs is performed where it stands. Containers keep their links.

use std::time::Duration;

use plan::{Attribute, HostFacts, NetworkId};
use plumbing::Dataplane;
use tokio::time::{sleep, timeout};

use super::live;
use super::next::Next;
use crate::error::Error;
use crate::planning::Asking;
use crate::record::{NetworkRecord, NetworkState};
use crate::{Driver, facts};

/// Hosts come in bursts: a driver that starts is told of all of them.
const BURST: Duration = Duration::from_millis(50);
/// When to try again what could not be done.
const AGAIN: Duration = Duration::from_secs(5);

impl<D: Dataplane> Driver<D> {
    /// Follows the swarm, until it is dropped.
    pub(crate) async fn keep_peers(&self) {
        let mut all_have_them = true;
        loop {
            let changed = self.swarm.changed();
            match all_have_them {
                true => changed.await,
                // Either will do.
                false => drop(timeout(AGAIN, changed).await),
            }
            sleep(BURST).await;
            all_have_them = self.follow_all().await;
        }
    }

    /// Brings every network to the hosts that there are now; false: some were not.
    async fn follow_all(&self) -> bool {
        let mut behind = self.state.networks();
        behind.retain(|record| self.is_behind(record));
        self.swarm.keep_only(|network| behind.iter().any(|record| record.network.id == *network));
        // Waited for now, with nothing held that others want.
        if !behind.is_empty()
            && let Err(error) = self.dataplane.ready(self.patience()).await
        {
            behind.iter().for_each(|record| self.swarm.note_behind(&record.network.id, Some(error.to_string())));
            return false;
        }
        let mut done = true;
        for record in behind {
            let id = &record.network.id;
            let why = self.follow(id).await.err().map(|error| error.to_string());
            done &= why.is_none();
            self.swarm.note_behind(id, why);
        }
        done
    }

    /// Whether a network was planned for other hosts than there are now.
    fn is_behind(&self, record: &NetworkRecord) -> bool {
        let network = &record.network;
        let now = self.swarm.now().tell(HostFacts::default());
        let mut live = network.facts.iter().filter(|fact| facts::is_followed(&fact.key));
        let is_old = |fact: &Attribute| {
            facts::gather(std::slice::from_ref(&fact.key), &network.options, &now, &self.config.physical)
                != [fact.clone()]
        };
        record.state == NetworkState::Ready && live.any(is_old)
    }

    async fn follow(&self, id: &NetworkId) -> Result<(), Error> {
        let _alone = self.locks.network(id).await;
        let Some(record) = self.state.network(id).filter(|record| self.is_behind(record)) else { return Ok(()) };
        let mode = self.module_of(&record).await?;
        let next: Next = self.plan_next(record, Asking::from(&mode)).await?;
        live::check(&next)?;
        self.carry_out(&self.settled(next).await?, &mode).await?;
        tracing::info!(network = %id, "tunnels follow the swarm's hosts");
        Ok(())
    }
}
