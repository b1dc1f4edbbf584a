//! A module of the catalog: checked from the start, compiled when it is first wanted.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::ModeError;
use crate::{Checked, LoadError, Loaded, Sandbox};

#[derive(Debug)]
pub(super) struct Entry {
    checked: Checked,
    /// Held while it is compiled: who else wants it waits for that, and no longer.
    result: Mutex<Option<Result<Loaded, Arc<LoadError>>>>,
}

impl Entry {
    pub(super) fn new(checked: Checked) -> Self {
        Self { checked, result: Mutex::new(None) }
    }

    pub(super) fn checked(&self) -> &Checked {
        &self.checked
    }

    /// The module, compiled now if it was not before. What is wrong with a module stays wrong: it is compiled again
    /// only where the failure was the host's.
    pub(super) async fn loaded(&self, sandbox: &Sandbox) -> Result<Loaded, ModeError> {
        let mut result = self.result.lock().await;
        let loaded = match &*result {
            Some(known) => known.clone(),
            None => sandbox.load(self.checked.clone()).await.map_err(Arc::new),
        };
        if !loaded.as_ref().is_err_and(|error| error.can_retry()) {
            *result = Some(loaded.clone());
        }
        loaded.map_err(|cause| ModeError::Unusable { name: self.checked.name.clone(), cause })
    }
}
