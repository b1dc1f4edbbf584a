//! That a northbound database has answered this driver. From then on one that is not found is one that is down, and
//! not one that there never was: `ovn-central`'s local socket goes with it when it is stopped.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::records::{Must, Records};

/// The name of its record: where the database was last, as text.
pub(crate) const USED: &str = "northbound";

/// Where the database was when it last answered; none: it never has.
pub(crate) struct Used {
    records: Arc<dyn Records>,
    remotes: Mutex<Option<String>>,
}

impl Used {
    pub(crate) fn new(records: Arc<dyn Records>, written: Option<String>) -> Self {
        Self { records, remotes: Mutex::new(written) }
    }

    /// Where it was.
    pub(crate) fn remotes(&self) -> Option<String> {
        self.known().clone()
    }

    /// Writes down that it answered.
    pub(crate) async fn note(&self, remotes: &str) {
        if self.known().as_deref() == Some(remotes) {
            return;
        }
        *self.known() = Some(remotes.to_owned());
        let record = (USED.to_owned(), Some(remotes.as_bytes().to_vec()));
        if let Err(error) = self.records.write(vec![record], Must::InTheEnd).await {
            tracing::error!(%error, "that a northbound database answered is not written down yet");
        }
    }

    fn known(&self) -> MutexGuard<'_, Option<String>> {
        self.remotes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Used {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Used").field("remotes", &self.remotes()).finish_non_exhaustive()
    }
}
