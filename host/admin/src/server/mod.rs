//! The server: connections here, questions to operations in `answer`.

mod answer;

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::Operations;

/// How long a client may take to send its question's head, and then its body.
const SEND: Duration = Duration::from_secs(5);
/// How long to rest when the process has no descriptor left for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Held by whatever must end before the server does.
type Busy = mpsc::Sender<Infallible>;

/// Answers operators on this listener until `shutdown` is ready, then lets the operations under way finish, but no longer
/// than `drain`. Says whether all of them did.
pub async fn serve<O: Operations>(
    listener: UnixListener,
    operations: Arc<O>,
    drain: Duration,
    shutdown: impl Future<Output = ()> + Send,
) -> bool {
    let (busy, mut all_idle) = mpsc::channel(1);
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { tokio::spawn(connection(stream, Arc::clone(&operations), busy.clone())); }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection on the admin socket");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop((listener, busy));
    timeout(drain, all_idle.recv()).await.is_ok()
}

async fn connection<O: Operations>(stream: UnixStream, operations: Arc<O>, busy: Busy) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(SEND).keep_alive(false);
    let service = service_fn(|request| answer::answer(request, Arc::clone(&operations), busy.clone()));
    if let Err(error) = http.serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(%error, "a connection on the admin socket broke");
    }
}
