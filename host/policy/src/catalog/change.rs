//! What reading a site's modes again changed, in words for its log.

use std::fmt;

use plan::ModeDigest;

use super::table::Table;
use super::{Module, Notice};
use crate::short;

/// What reading everything again brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reloaded {
    /// What changed for names that can be used.
    pub changes: Vec<Change>,
    /// What an operator should know, and was not told before.
    pub notices: Vec<Notice>,
}

/// What changed for one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// There is a mode that there was not.
    New(Module),
    /// The name means another module now. Networks keep the one that they were made with.
    Replaced {
        /// The one it meant.
        before: ModeDigest,
        /// The one it means.
        now: Module,
    },
    /// The same module may do something else now.
    Granted(Module),
    /// There is no file of that name any more.
    Gone {
        /// The name.
        name: String,
        /// The module that it meant.
        digest: ModeDigest,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New(module) => write!(f, "new mode {module}"),
            Self::Replaced { before, now } => {
                write!(f, "mode {now}; it was {}, which networks that were made with it keep", short(before))
            }
            Self::Granted(module) => write!(f, "mode {module} now"),
            Self::Gone { name, digest } => {
                write!(f, "mode {name} ({}) is gone; networks that were made with it keep it", short(digest))
            }
        }
    }
}

/// What differs between two tables, by name.
pub(super) fn changes(before: &Table, now: &Table) -> Vec<Change> {
    let mut changes = Vec::new();
    for (name, entry) in &now.named {
        let Ok(entry) = entry else { continue };
        let module = Module::from(entry.checked());
        match before.named.get(name).and_then(|entry| entry.as_ref().ok()).map(|entry| Module::from(entry.checked())) {
            None => changes.push(Change::New(module)),
            Some(old) if old.digest != module.digest => {
                changes.push(Change::Replaced { before: old.digest, now: module });
            }
            Some(old) if old.granted != module.granted => changes.push(Change::Granted(module)),
            Some(_) => {}
        }
    }
    for (name, entry) in &before.named {
        if let Ok(entry) = entry
            && !now.named.contains_key(name)
        {
            changes.push(Change::Gone { name: name.clone(), digest: entry.checked().digest().clone() });
        }
    }
    changes
}
