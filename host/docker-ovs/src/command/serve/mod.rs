//! `docker-ovs serve`: the driver.
//!
//! Sockets first, everything else later: Docker waits for an answer on a socket that is there, and gives up on one that
//! is not. What cannot be done yet because Open vSwitch is still starting waits inside the calls, until their deadlines.

mod reload;
mod signals;
mod sockets;
mod source;
mod watching;
mod wiring;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::sync::watch;
use tokio::time::Instant;

use self::reload::Reload;
use self::signals::{Signal, Signals};
use self::sockets::Sockets;
use self::source::Source;
use crate::config::{Config, Sources};
use crate::exit::Failure;
use crate::log;

/// How long what is removed in the background may take at the end; what is left is found at the next start.
const LAST_REMOVALS: Duration = Duration::from_secs(5);
/// How long what did not end by then is waited for.
const LAST_MOMENT: Duration = Duration::from_secs(1);

pub(crate) fn run(sources: &Sources, config: Config) -> Result<ExitCode, Failure> {
    let log = Arc::new(log::Handle::start(&config.log)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(serve(sources, config, log));
    // What did not end within its deadlines does not hold up the end.
    runtime.shutdown_timeout(LAST_MOMENT);
    ended
}

async fn serve(sources: &Sources, config: Config, log: Arc<log::Handle>) -> Result<ExitCode, Failure> {
    let mut signals = Signals::listen()?;
    let sockets = Sockets::open(&config).await.map_err(|error| Failure::new(error.exit_code(), error))?;
    let source = Arc::new(Source::new(&config));
    let wired = wiring::wire(&config, Arc::clone(&source), Arc::clone(&log)).await;
    let (driver, plumbing) = wired.inspect_err(|_| sockets.files.remove())?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), socket = %config.socket.display(), "docker-ovs serves");

    let (stop, stopping) = watch::channel(());
    let stopped = |mut stopping: watch::Receiver<()>| async move { drop(stopping.changed().await) };
    let (join, call, drain) = (config.limits.join, config.limits.call, config.limits.drain());
    let calls = docker_api::Limits { join, call, drain, ..docker_api::Limits::default() };
    let background = tokio::spawn(Arc::clone(&driver).run());
    let docker = tokio::spawn(docker_api::serve(sockets.docker, Arc::clone(&driver), calls, stopped(stopping.clone())));
    let operators = tokio::spawn(admin::serve(sockets.operators, Arc::clone(&driver), drain, stopped(stopping)));
    let watched = tokio::spawn(watching::watch(Arc::clone(&source), Arc::clone(&driver)));
    tell(&[NotifyState::Ready]);

    let mut reload = Reload::new(sources.clone(), config, log, source, Arc::clone(&driver));
    while signals.next().await == Signal::Reload {
        tell(&[NotifyState::Reloading, NotifyState::monotonic_usec_now()?]);
        reload.run().await;
        tell(&[NotifyState::Ready]);
    }
    tracing::info!("stopping: calls under way may finish");
    tell(&[NotifyState::Stopping, longest_end(drain)]);
    drop(stop);
    sockets.files.remove();
    let unfinished = docker.await.map(|drained| drained.unfinished).unwrap_or_default();
    let _ = operators.await;
    background.abort();
    watched.abort();
    if let Err(error) = plumbing.drain(Instant::now() + LAST_REMOVALS).await {
        tracing::warn!(%error, "not everything is removed yet: the next start goes on with it");
    }
    tracing::info!(unfinished, "stopped");
    Ok(ExitCode::SUCCESS)
}

/// How long systemd is to wait for the end, whatever its unit says: deadlines are the configuration's.
fn longest_end(drain: Duration) -> NotifyState<'static> {
    let longest = drain + LAST_REMOVALS + LAST_MOMENT;
    NotifyState::ExtendTimeoutUsec(u32::try_from(longest.as_micros()).unwrap_or(u32::MAX))
}

/// Tells systemd, if it started us.
fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "systemd cannot be told");
    }
}
