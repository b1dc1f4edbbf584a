//! Moving a network to another module, with the containers that are on it: planned whole, shown, confirmed, and carried out
//! whole or taken back whole.
//!
//! The module is asked the questions that the network, its endpoints and their ports were planned by. What comes of it is
//! compared with what was planned before, by label; what is the same is not touched, so that a running container keeps its
//! link. Nothing is changed before the difference was given back as confirmed, and is still the same.

mod back;
mod carry;
mod difference;
mod follow;
mod live;
mod next;
mod passage;
mod question;
mod refusal;
mod report;

use admin::Upgrading;
use admin::report::{Upgrade, UpgradeStage};
use plan::{ModeDigest, NetworkId};
use plumbing::Dataplane;
use policy::Loaded;

use crate::Driver;
use crate::error::Error;
use crate::planning::Asking;
use crate::record::{NetworkRecord, NetworkState};
pub(crate) use difference::is_rule;
use next::Next;
pub(crate) use refusal::NotUpgraded;

impl<D: Dataplane> Driver<D> {
    /// What moving a network to a module changes; moved, if just that was confirmed. A look changes nothing.
    pub(crate) async fn upgrade(&self, id: &NetworkId, upgrading: &Upgrading) -> Result<Upgrade, Error> {
        let _alone = self.locks.network(id).await;
        let record = self.known_network(id)?;
        if record.state != NetworkState::Ready {
            return Err(Error::NetworkGoing(id.clone()));
        }
        let mode = self.successor(&record, upgrading.to.as_deref()).await?.keeping(&record.secrets);
        if *mode.digest() == record.digest {
            return Ok(self.current(&record, &mode));
        }
        let asking = Asking { mode: &mode, for_good: upgrading.confirmation.is_some() };
        let next = self.plan_next(record, asking).await?;
        live::check(&next)?;
        let report = self.describe_upgrade(&next, &mode).await;
        match &upgrading.confirmation {
            None => Ok(report),
            Some(confirmed) if *confirmed != report.confirmation => Err(NotUpgraded::Changed.into()),
            Some(_) => {
                self.carry_out(&self.settled(next).await?, &mode).await?;
                tracing::info!(network = %id, mode = mode.name(), digest = %mode.digest(), "network upgraded");
                Ok(Upgrade { stage: UpgradeStage::Done, ..report })
            }
        }
    }

    /// Takes back what was left of an earlier upgrade.
    async fn settled(&self, mut next: Next) -> Result<Next, Error> {
        let before = &mut next.network.before;
        if before.attempt.is_some() {
            self.take_back(before).await?;
            *before = self.known_network(&before.network.id)?;
        }
        Ok(next)
    }

    /// The module that is asked for: of a digest, of a name, or of the name that the network's mode has.
    async fn successor(&self, record: &NetworkRecord, to: Option<&str>) -> Result<Loaded, Error> {
        let to = to.unwrap_or(&record.mode);
        let digest = to.strip_prefix("sha256:");
        match ModeDigest::new(digest.unwrap_or(to)) {
            Ok(digest) => Ok(self.catalog.by_digest(&digest).await?),
            Err(error) if digest.is_some() => Err(NotUpgraded::Target(error).into()),
            Err(_) => Ok(self.catalog.by_name(to).await?),
        }
    }
}
