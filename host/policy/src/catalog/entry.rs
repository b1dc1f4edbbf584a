//! A module of the catalog: checked from the start, compiled when it is first wanted.

use std::sync::{Arc, OnceLock};

use tokio::sync::Mutex;

use super::ModeError;
use crate::{Checked, LoadError, Loaded, Sandbox};

type Known = Result<Loaded, Arc<LoadError>>;

#[derive(Debug)]
pub(super) struct Entry {
    checked: Checked,
    known: OnceLock<Known>,
    /// Held while it is compiled: who else wants it waits for that, and no longer.
    compiling: Mutex<()>,
}

impl Entry {
    pub(super) fn new(checked: Checked) -> Self {
        Self { checked, known: OnceLock::new(), compiling: Mutex::new(()) }
    }

    /// The same module under other grants, compiled as far as this one is.
    pub(super) fn granted(&self, checked: Checked) -> Self {
        let known =
            self.known.get().map(|known| known.as_ref().map(|loaded| loaded.granted(&checked)).map_err(Arc::clone));
        Self { known: known.map_or_else(OnceLock::new, OnceLock::from), ..Self::new(checked) }
    }

    pub(super) fn checked(&self) -> &Checked {
        &self.checked
    }

    /// Whether it was compiled and tried, however that ended.
    pub(super) fn is_known(&self) -> bool {
        self.known.get().is_some()
    }

    /// Whether nothing is known to be wrong with it.
    pub(super) fn is_usable(&self) -> bool {
        self.known.get().is_none_or(Result::is_ok)
    }

    /// The module, compiled now if it was not before.
    pub(super) async fn loaded(self: &Arc<Self>, sandbox: &Sandbox) -> Result<Loaded, ModeError> {
        let known = match self.known.get() {
            Some(known) => known.clone(),
            None => {
                // A task of its own: a caller whose deadline passes leaves the work to the next one.
                let (entry, sandbox) = (Arc::clone(self), sandbox.clone());
                match tokio::spawn(async move { entry.load(&sandbox).await }).await {
                    Ok(known) => known,
                    Err(error) => std::panic::resume_unwind(error.into_panic()),
                }
            }
        };
        known.map_err(|cause| ModeError::Unusable { name: self.checked.name.clone(), cause })
    }

    /// What is wrong with a module stays wrong: it is compiled again only where the failure was the host's.
    async fn load(&self, sandbox: &Sandbox) -> Known {
        let _alone = self.compiling.lock().await;
        if let Some(known) = self.known.get() {
            return known.clone();
        }
        match sandbox.load(self.checked.clone()).await.map_err(Arc::new) {
            Err(error) if error.can_retry() => Err(error),
            result => self.known.get_or_init(|| result).clone(),
        }
    }
}
