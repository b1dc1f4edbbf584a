//! Which changes of the firewall are our own: the kernel tells the socket of the process that made one.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// More than can be under way at once.
const KEPT: usize = 256;

/// The last processes we started.
#[derive(Debug, Default)]
pub(super) struct Own(Mutex<VecDeque<u32>>);

impl Own {
    /// Remembers a process.
    pub(super) fn note(&self, process: Option<u32>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(process);
        if known.len() > KEPT {
            known.pop_front();
        }
    }

    /// Whether a process was one of ours.
    pub(super) fn knows(&self, process: u32) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&process)
    }
}
