//! A lock of the server, held or waited for.

use super::Client;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::session::{Control, State};
use std::sync::Arc;

/// A wish to hold a lock, for as long as it lives; see [`Client::lock`].
///
/// The server grants a lock to one client at a time and takes it back when the session ends; the client then asks for it
/// again. Holding it is therefore only certain inside a transaction, by
/// [`assert_lock`](crate::Transaction::assert_lock).
#[derive(Debug)]
pub struct Lock {
    client: Client,
    name: Arc<str>,
}

impl Client {
    /// Wishes to hold a lock: letters, digits and `_`.
    pub fn lock(&self, name: &str) -> Lock {
        self.want_lock(name, false)
    }

    /// Wishes to hold a lock and takes it from whoever has it, once.
    pub fn steal_lock(&self, name: &str) -> Lock {
        self.want_lock(name, true)
    }

    fn want_lock(&self, name: &str, steal: bool) -> Lock {
        let name: Arc<str> = name.into();
        // Fails only if the task has died; the lock is then never held.
        let _ = self.controls.send(Control::Lock { name: name.clone(), steal });
        Lock { client: self.clone(), name }
    }
}

impl Lock {
    /// The lock's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the server has granted it, as far as is known.
    pub fn is_held(&self) -> bool {
        self.client.state.borrow().locks.contains(&self.name)
    }

    /// Waits until the server grants it.
    ///
    /// # Errors
    /// If the deadline passes first.
    pub async fn wait_held(&self, deadline: impl Into<Deadline>) -> Result<(), Error> {
        let held = |state: &State| state.locks.contains(&self.name).then_some(());
        self.client.wait_state(deadline.into(), held).await
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Fails only if the task has died, and the lock with its connection.
        let _ = self.client.controls.send(Control::Unlock { name: self.name.clone() });
    }
}
