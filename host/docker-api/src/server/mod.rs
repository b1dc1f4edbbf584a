//! The server: connections, in [`serve`]; requests to calls, in `route`; calls against the clock, in `run`.

mod body;
mod reply;
mod route;
mod run;

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::timeout;

use crate::{Limits, Plugin};

/// How long to rest when the process has no descriptor left for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drained {
    /// Connections and calls that were still busy when the time to drain was over. They end with the runtime.
    pub unfinished: usize,
}

/// What the requests of one server share.
struct Server<D> {
    driver: Arc<D>,
    limits: Limits,
    requests: AtomicU64,
    busy: Busy,
}

/// Held by whatever must end before the server does.
type Busy = mpsc::Sender<Infallible>;

/// Answers the daemon on this listener until `shutdown` is ready, then lets the calls under way finish, but no longer
/// than [`Limits::drain`].
///
/// Each connection serves one request. Docker sends a request whose connection broke a second time, but with an empty
/// body (moby#39331); a connection that nobody keeps open cannot be closed under a request, by an idle timeout or by a
/// restart. Connections that nobody accepted yet stay with the listening socket, which systemd may hold.
pub async fn serve<D: Plugin>(
    listener: UnixListener,
    driver: Arc<D>,
    limits: Limits,
    shutdown: impl Future<Output = ()> + Send,
) -> Drained {
    let (busy, mut all_idle) = mpsc::channel(1);
    let connections = Arc::new(Semaphore::new(limits.connections));
    let drain = limits.drain;
    let server = Arc::new(Server { driver, limits, requests: AtomicU64::new(0), busy });
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            (stream, permit) = accept(&listener, &connections) => {
                tokio::spawn(Arc::clone(&server).connection(stream, permit, server.busy.clone()));
            }
        }
    }
    drop(listener);
    let watch = server.busy.downgrade();
    drop(server);
    let finished = timeout(drain, all_idle.recv()).await.is_ok();
    Drained { unfinished: if finished { 0 } else { watch.strong_count() } }
}

/// The next connection, once there is room for it.
async fn accept(listener: &UnixListener, connections: &Arc<Semaphore>) -> (UnixStream, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed, so there is always a permit.
    let permit = Arc::clone(connections).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, permit),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection of the docker daemon");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

impl<D: Plugin> Server<D> {
    async fn connection(self: Arc<Self>, stream: UnixStream, permit: Option<OwnedSemaphorePermit>, busy: Busy) {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.limits.send).keep_alive(false);
        let server = Arc::clone(&self);
        let service = service_fn(move |request| Arc::clone(&server).request(request));
        if let Err(error) = http.serve_connection(TokioIo::new(stream), service).await {
            tracing::debug!(%error, "a connection of the docker daemon broke");
        }
        drop((permit, busy));
    }

    fn next_request(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed) + 1
    }
}
