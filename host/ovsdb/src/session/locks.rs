//! Locks (RFC 7047 section 4.1.8): wanted by clients, granted and taken away by the server, asked for again in each session.

use super::call::Control;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which locks are wanted and which are held.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    wanted: BTreeMap<Arc<str>, Wish>,
    held: BTreeSet<Arc<str>>,
}

#[derive(Debug, Default)]
struct Wish {
    handles: usize,
    steal: bool,
}

/// What to ask the server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LockRequest {
    pub(crate) method: &'static str,
    pub(crate) name: Arc<str>,
}

impl Locks {
    pub(crate) fn held(&self) -> &BTreeSet<Arc<str>> {
        &self.held
    }

    /// A handle came or went: what to ask the server if there is a session.
    pub(crate) fn control(&mut self, control: Control) -> Option<LockRequest> {
        match control {
            Control::Cancel(_) => None,
            Control::Lock { name, steal } => {
                let wish = self.wanted.entry(name.clone()).or_default();
                wish.handles += 1;
                let ask = wish.handles == 1 || (steal && !self.held.contains(&name));
                wish.steal |= steal;
                ask.then_some(LockRequest { method: if steal { "steal" } else { "lock" }, name })
            }
            Control::Unlock { name } => {
                let wish = self.wanted.get_mut(&name)?;
                wish.handles -= 1;
                if wish.handles > 0 {
                    return None;
                }
                self.wanted.remove(&name);
                self.held.remove(&name);
                Some(LockRequest { method: "unlock", name })
            }
        }
    }

    /// A session begins: nothing is held, and this is to be asked. A lock is stolen once, not in each session, so that two
    /// clients do not steal it from each other for ever.
    pub(crate) fn begin(&mut self) -> Vec<LockRequest> {
        self.held.clear();
        let ask = |(name, wish): (&Arc<str>, &mut Wish)| {
            let method = if std::mem::take(&mut wish.steal) { "steal" } else { "lock" };
            LockRequest { method, name: name.clone() }
        };
        self.wanted.iter_mut().map(ask).collect()
    }

    /// The server said whether the lock is held now; true if that is news.
    pub(crate) fn set_held(&mut self, name: &str, held: bool) -> bool {
        let Some((name, wish)) = self.wanted.get_key_value(name).map(|(name, wish)| (name.clone(), wish)) else {
            return false;
        };
        debug_assert!(wish.handles > 0);
        if held { self.held.insert(name) } else { self.held.remove(&name) }
    }

    /// The session has asked for this lock: a wish to steal is fulfilled.
    pub(crate) fn asked(&mut self, name: &str) {
        if let Some(wish) = self.wanted.get_mut(name) {
            wish.steal = false;
        }
    }
}
