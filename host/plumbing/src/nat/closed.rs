//! The links that this driver closed when it turned forwarding on. Their elements can be flushed by anybody while
//! forwarding stays on, and nobody could tell any more that this host was no router before: so they are remembered here,
//! too, and put back with everything else.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::element::Element;

/// The remembered elements. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Closed(Arc<Mutex<Vec<Element>>>);

impl Closed {
    /// Remembers elements, also those that an earlier process made; what all of them are now.
    pub(super) fn with(&self, seen: &[Element]) -> Vec<Element> {
        let mut known = self.lock();
        let new: Vec<_> = seen.iter().filter(|element| !known.contains(element)).cloned().collect();
        known.extend(new);
        known.clone()
    }

    /// These are open again.
    pub(super) fn forget(&self, open: &[Element]) {
        self.lock().retain(|element| !open.contains(element));
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Element>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
