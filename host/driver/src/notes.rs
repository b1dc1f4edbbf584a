//! What was noticed about networks and endpoints since the start: findings of the last look, and undos that failed. In
//! memory only: the next look finds them again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use plan::{EndpointId, NetworkId};

/// A network, or one of its endpoints.
pub(crate) type Subject = (NetworkId, Option<EndpointId>);

/// Something that is not as planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The step it is about.
    pub(crate) step: Option<String>,
    pub(crate) what: String,
    /// Whether the next reconcile can do something about it.
    pub(crate) repairable: bool,
}

/// An undo that failed so far.
#[derive(Clone, Debug)]
pub(crate) struct Attempts {
    pub(crate) since: Instant,
    pub(crate) count: u64,
    pub(crate) last_error: String,
}

#[derive(Debug, Default)]
struct Note {
    problems: Vec<Problem>,
    attempts: Option<Attempts>,
}

#[derive(Debug, Default)]
pub(crate) struct Notes(Mutex<HashMap<Subject, Note>>);

impl Notes {
    /// What the last look found; nothing: all is well.
    pub(crate) fn found(&self, subject: &Subject, problems: Vec<Problem>) {
        let mut notes = self.lock();
        if !problems.is_empty() {
            notes.entry(subject.clone()).or_default().problems = problems;
        } else if let Some(note) = notes.get_mut(subject) {
            note.problems.clear();
        }
    }

    pub(crate) fn problems(&self, subject: &Subject) -> Vec<Problem> {
        self.lock().get(subject).map(|note| note.problems.clone()).unwrap_or_default()
    }

    /// One more undo that failed.
    pub(crate) fn not_undone(&self, subject: &Subject, error: String) {
        let mut notes = self.lock();
        let attempts = &mut notes.entry(subject.clone()).or_default().attempts;
        let before = attempts.take().unwrap_or(Attempts { since: Instant::now(), count: 0, last_error: String::new() });
        *attempts = Some(Attempts { count: before.count + 1, last_error: error, ..before });
    }

    pub(crate) fn attempts(&self, subject: &Subject) -> Option<Attempts> {
        self.lock().get(subject).and_then(|note| note.attempts.clone())
    }

    /// The subject is gone, or undone.
    pub(crate) fn forget(&self, subject: &Subject) {
        self.lock().remove(subject);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Subject, Note>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
