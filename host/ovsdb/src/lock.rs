//! A lock of the server, held or waited for.

use crate::client::Client;
use crate::deadline::Deadline;
use crate::error::Error;
use std::sync::Arc;

/// A wish to hold a lock, for as long as it lives; see [`Client::lock`].
///
/// The server grants a lock to one client at a time and takes it back when the session ends; the client then asks for it
/// again. Holding it is therefore only certain inside a transaction, by
/// [`assert_lock`](crate::Transaction::assert_lock).
#[derive(Debug)]
pub struct Lock {
    pub(crate) client: Client,
    pub(crate) name: Arc<str>,
}

impl Lock {
    /// The lock's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the server has granted it, as far as is known.
    pub fn is_held(&self) -> bool {
        self.client.holds_lock(&self.name)
    }

    /// Waits until the server grants it.
    ///
    /// # Errors
    /// If the deadline passes first.
    pub async fn wait_held(&self, deadline: impl Into<Deadline>) -> Result<(), Error> {
        self.client.wait_lock(&self.name, deadline.into()).await
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.client.release_lock(self.name.clone());
    }
}
