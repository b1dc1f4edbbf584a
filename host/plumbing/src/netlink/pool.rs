//! Sockets that are not in use.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::channel::{Channel, Failure};

/// Sockets to one part of the kernel. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Pool {
    protocol: isize,
    idle: Arc<Mutex<Vec<Channel>>>,
}

impl Pool {
    /// A pool with its first socket, so that what is missing is known at once.
    pub(crate) fn open(protocol: isize) -> io::Result<Self> {
        let first = Channel::open(protocol)?;
        Ok(Self { protocol, idle: Arc::new(Mutex::new(vec![first])) })
    }

    /// Runs requests on a blocking thread, on a socket nobody else uses.
    pub(crate) async fn run<T, E>(
        &self,
        work: impl FnOnce(&mut Channel) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        let pool = self.clone();
        let task = tokio::task::spawn_blocking(move || {
            let mut channel = pool.take().map_err(Failure::from)?;
            let result = work(&mut channel);
            pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(channel);
            result
        });
        task.await.unwrap_or_else(|error| Err(Failure::from(io::Error::other(error)).into()))
    }

    fn take(&self) -> io::Result<Channel> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| Channel::open(self.protocol), Ok)
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("protocol", &self.protocol).finish_non_exhaustive()
    }
}
