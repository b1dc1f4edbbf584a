//! What endpoints are told as it is when they come, and not as it was when their network was made.

use std::slice;

use plan::{Attribute, Network};
use plumbing::{Dataplane, Error};
use policy::Loaded;
use tokio::time::Instant;

use crate::{Driver, facts};

/// A fact that may have changed since a network was made.
#[derive(Debug)]
pub(crate) struct Live {
    key: String,
    /// What is so; none: nothing is known any more.
    now: Option<Attribute>,
}

impl Live {
    /// Puts it in the place of what was so.
    pub(crate) fn tell(&self, facts: &mut Vec<Attribute>) {
        facts.retain(|fact| fact.key != self.key);
        facts.extend(self.now.clone());
    }
}

impl<D: Dataplane> Driver<D> {
    /// Looks what is so now, if a mode wants to know it of its networks' endpoints.
    pub(crate) async fn look_again(
        &self,
        network: &Network,
        mode: &Loaded,
        deadline: Instant,
    ) -> Result<Option<Live>, Error> {
        let options = &network.options;
        let Some(key) = facts::live(&mode.manifest().facts, options) else { return Ok(None) };
        let host = self.dataplane.facts(deadline).await?;
        let now = facts::gather(slice::from_ref(key), options, &host, &self.config.physical);
        if now.is_empty() {
            tracing::warn!(
                network = %network.id,
                "{key} is not known now: is OVN's northbound database away? A container that comes now is told nothing of \
                 it, and has to be connected again later"
            );
        }
        Ok(Some(Live { key: key.clone(), now: now.into_iter().next() }))
    }
}
