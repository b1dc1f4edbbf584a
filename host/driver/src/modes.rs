//! The modes of this host while the driver runs: read again when something changes, and forgotten when nothing needs them.

use std::collections::BTreeSet;
use std::sync::Arc;

use plan::{ModeDigest, NetworkId};
use plumbing::Dataplane;
use policy::{Catalog, Loaded, ModeError, Reloaded};

use crate::Driver;
use crate::error::Error;
use crate::record::NetworkRecord;

/// Whoever knows where the modes of this site and their grants are. The driver does not: it has no configuration.
pub trait ModeSource: Send + Sync {
    /// Reads all of them again into the catalog. Touches the disk; never called twice at once.
    fn read(&self, catalog: &Catalog) -> Reloaded;
}

impl<D: Dataplane> Driver<D> {
    /// Reads the modules and grants of this site again, and logs what changed. What is new is compiled and tried in the
    /// background, so that the first network does not wait for it.
    pub async fn reload_modes(&self) {
        let _alone = self.reading.lock().await;
        let Some(source) = self.source.clone() else { return };
        let catalog = Arc::clone(&self.catalog);
        let Ok(reloaded) = tokio::task::spawn_blocking(move || source.read(&catalog)).await else {
            return tracing::error!("the modes of this site could not be read again: the panic is in the log");
        };
        reloaded.changes.iter().for_each(|change| tracing::info!("{change}"));
        reloaded.notices.iter().for_each(|notice| tracing::warn!("{notice}"));
        self.forget_modules().await;
        let catalog = Arc::clone(&self.catalog);
        tokio::spawn(async move { catalog.warm().await });
    }

    /// Forgets the modules that neither a name leads to nor a network uses.
    pub(crate) async fn forget_modules(&self) {
        let networks = self.state.networks();
        let needed: BTreeSet<_> = networks.iter().flat_map(|record| record.modules()).cloned().collect();
        let catalog = Arc::clone(&self.catalog);
        if tokio::task::spawn_blocking(move || catalog.keep_only(&needed)).await.is_err() {
            tracing::error!("modules that nothing needs could not be forgotten: the panic is in the log");
        }
    }

    /// Forgets a module that a network has no more, if nothing else needs it.
    pub(crate) async fn forget_module(&self, module: &ModeDigest) {
        let is_used = self.state.networks().iter().any(|record| record.uses(module));
        if !is_used && !self.catalog.is_named(module) {
            self.forget_modules().await;
        }
    }

    /// Whether a network, but for one, needs a module's bytes in the store.
    pub(crate) fn is_needed(&self, module: &ModeDigest, but: &NetworkId) -> bool {
        let others = self.state.networks();
        let mut others = others.iter().filter(|record| record.network.id != *but);
        others.any(|record| record.uses(module))
    }

    /// The module of a network, which keeps the network's secrets.
    pub(crate) async fn module_of(&self, network: &NetworkRecord) -> Result<Loaded, Error> {
        Ok(self.module_as_is(network).await?.keeping(&network.secrets))
    }

    /// One that was forgotten just before the network was written down is in the store.
    async fn module_as_is(&self, network: &NetworkRecord) -> Result<Loaded, Error> {
        match self.catalog.by_digest(&network.digest).await {
            Err(ModeError::Gone(_)) => {}
            found => return Ok(found?),
        }
        if let Some(bytes) = self.store.module(&network.digest)? {
            self.catalog.restore(&network.mode, network.origin, &bytes)?;
        }
        Ok(self.catalog.by_digest(&network.digest).await?)
    }
}
