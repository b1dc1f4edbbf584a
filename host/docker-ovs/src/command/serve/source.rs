//! Where the modes of this site are, for a driver that runs: what the configuration says now, and which files somebody is
//! writing.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use driver::ModeSource;
use policy::{Catalog, Reloaded, Site};
use tokio::sync::Notify;

use crate::config::Config;
use crate::modes;

/// The place of the modes.
pub(super) struct Source {
    /// With the default mode and the directories that hold; the rest of it is as at start.
    config: Mutex<Config>,
    unfinished: Mutex<BTreeSet<PathBuf>>,
    /// The directories are others now.
    moved: Notify,
}

impl Source {
    pub(super) fn new(config: &Config) -> Self {
        Self { config: Mutex::new(config.clone()), unfinished: Mutex::default(), moved: Notify::new() }
    }

    /// Takes over another configuration.
    pub(super) fn configure(&self, new: &Config) {
        let mut config = lock(&self.config);
        let directories = |config: &Config| (config.mode_dir.clone(), config.grants_dir.clone());
        let moved = directories(&config) != directories(new);
        config.mode_dir.clone_from(&new.mode_dir);
        config.grants_dir.clone_from(&new.grants_dir);
        config.grants.clone_from(&new.grants);
        drop(config);
        if moved {
            lock(&self.unfinished).clear();
            self.moved.notify_one();
        }
    }

    /// The directories of modules and of grants.
    pub(super) fn directories(&self) -> [PathBuf; 2] {
        let config = lock(&self.config);
        [config.mode_dir.clone(), config.grants_dir.clone()]
    }

    /// Returns when the directories are others.
    pub(super) async fn moved(&self) {
        self.moved.notified().await;
    }

    /// Says which files somebody is writing.
    pub(super) fn unfinished(&self, files: BTreeSet<PathBuf>) {
        *lock(&self.unfinished) = files;
    }
}

impl ModeSource for Source {
    fn read(&self, catalog: &Catalog) -> Reloaded {
        let config = lock(&self.config).clone();
        let site = Site { unfinished: lock(&self.unfinished).clone(), ..modes::site(&config) };
        let reloaded = catalog.reload(&modes::built_in(), &site);
        if let Err(missing) = modes::default_of(catalog, &config) {
            tracing::error!("{missing}");
        }
        reloaded
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
