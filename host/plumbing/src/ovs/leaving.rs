//! The names of what we remove, so that its going is no surprise to those who watch the rows.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A set of names. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leaving(Arc<Mutex<HashSet<String>>>);

impl Leaving {
    /// These are going to be removed.
    pub(crate) fn extend<'a>(&self, names: impl IntoIterator<Item = &'a str>) {
        self.lock().extend(names.into_iter().map(str::to_owned));
    }

    /// Whether one is being removed.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.lock().contains(name)
    }

    /// One was seen to go; true: by us.
    pub(crate) fn seen_off(&self, name: &str) -> bool {
        self.lock().remove(name)
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<String>> {
        // A set of names is whole whatever panicked beside it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
