//! How many sockets all relays may have together. Clients decide how many there are, and the driver needs files of its
//! own to go on working.

use std::sync::Arc;

use rustix::process::{Resource, getrlimit};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a client of a stream takes: its own socket, and one towards the container.
pub(super) const STREAM: u32 = 2;
/// What one of datagrams takes: all clients come in by the same socket.
pub(super) const DATAGRAM: u32 = 1;

/// Room for sockets; by default for half of the files that this process may have open. Cheap to clone.
#[derive(Clone, Debug)]
pub(in crate::publish) struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Self {
        let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
        Self::of(usize::try_from(files / 2).unwrap_or(usize::MAX))
    }
}

impl Room {
    /// Room for so many.
    pub(in crate::publish) fn of(sockets: usize) -> Self {
        Self(Arc::new(Semaphore::new(sockets.min(Semaphore::MAX_PERMITS))))
    }

    /// Waits until there is room for so many, which is theirs until it is dropped.
    pub(super) async fn wait(&self, sockets: u32) -> OwnedSemaphorePermit {
        match Arc::clone(&self.0).acquire_many_owned(sockets).await {
            Ok(room) => room,
            // Nobody ever closes it.
            Err(_) => std::future::pending().await,
        }
    }

    /// Room for so many, if there is some now.
    pub(super) fn take(&self, sockets: u32) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_many_owned(sockets).ok()
    }
}
