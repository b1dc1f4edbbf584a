//! The task: sessions, one after the other, for as long as there is a client.

use super::backoff::Rotation;
use super::call::{Call, Control};
use super::locks::Locks;
use super::open::{Memory, Session, open};
use super::serve::{Service, Surroundings};
use super::state::Publisher;
use crate::error::ConnectError;
use crate::metrics::Counters;
use crate::monitor::MonitorSpec;
use crate::options::Options;
use crate::remote::Remote;
use crate::replica::{Layouts, Replica};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tracing::{debug, info, warn};

/// The owner of the connection.
pub(crate) struct Actor {
    options: Options,
    spec: MonitorSpec,
    calls: mpsc::Receiver<Call>,
    controls: mpsc::UnboundedReceiver<Control>,
    publisher: Publisher,
    counters: Arc<Counters>,
    memory: Memory,
    locks: Locks,
}

/// How a session ended.
enum End {
    /// The last client has gone.
    Unwanted,
    Lost(ConnectError),
}

impl Actor {
    pub(crate) fn new(
        options: Options,
        spec: MonitorSpec,
        calls: mpsc::Receiver<Call>,
        controls: mpsc::UnboundedReceiver<Control>,
    ) -> Self {
        let replica = Replica::empty(&spec);
        let publisher = Publisher::new(&replica);
        let memory = Memory { replica, layouts: Layouts::new(), last_id: None, seen: Default::default(), requests: 0 };
        Actor { options, spec, calls, controls, publisher, counters: Arc::default(), memory, locks: Locks::default() }
    }

    pub(crate) fn counters(&self) -> &Arc<Counters> {
        &self.counters
    }

    pub(crate) fn publisher(&self) -> &Publisher {
        &self.publisher
    }

    /// Runs until the last client has gone.
    pub(crate) async fn run(mut self) {
        let mut rotation = Rotation::new(&self.options);
        loop {
            let (remote, pause) = rotation.next();
            self.counters.attempts.add(1);
            let session = tokio::select! {
                session = attempt(&self.options, &self.spec, &mut self.memory, &remote, pause) => session,
                () = only_controls(&mut self.controls, &mut self.locks) => return,
            };
            match session {
                Err(error) => {
                    rotation.failed();
                    report_failure(&error, rotation.is_first_failure());
                    self.publisher.unreachable(Arc::new(error));
                }
                Ok(session) => {
                    info!(database = &*self.spec.database, %remote, "connected");
                    let begun = Instant::now();
                    if self.serve(session).await.is_none() {
                        return;
                    }
                    rotation.ended(begun.elapsed());
                }
            }
        }
    }

    /// Serves a session to its end; nothing if the last client has gone.
    async fn serve(&mut self, session: Session) -> Option<()> {
        let Actor { options, calls, controls, publisher, counters, memory, locks, .. } = self;
        let mut service = Service::begin(session, Surroundings { options, memory, locks, publisher, counters });
        match serve_until_end(&mut service, calls, controls).await {
            End::Unwanted => None,
            End::Lost(error) => {
                warn!("session ended: {error}");
                service.end(&Arc::new(error));
                Some(())
            }
        }
    }
}

async fn serve_until_end(
    service: &mut Service<'_>,
    calls: &mut mpsc::Receiver<Call>,
    controls: &mut mpsc::UnboundedReceiver<Control>,
) -> End {
    if let Err(error) = service.catch_up() {
        return End::Lost(error);
    }
    loop {
        let accepts = service.accepts();
        let probe_due = service.probe_due();
        let step = tokio::select! {
            message = service.connection().receive() => message.and_then(|message| service.handle(message)),
            Some(call) = calls.recv(), if accepts => {
                service.start(call);
                Ok(())
            }
            control = controls.recv() => match control {
                Some(control) => {
                    service.control(control);
                    Ok(())
                }
                None => return End::Unwanted,
            },
            () = sleep_until(probe_due.unwrap_or_else(Instant::now)), if probe_due.is_some() => service.probe(),
        };
        if let Err(error) = step {
            return End::Lost(error);
        }
    }
}

/// Waits, then tries to open a session within the time that one attempt may take.
async fn attempt(
    options: &Options,
    spec: &MonitorSpec,
    memory: &mut Memory,
    remote: &Remote,
    pause: Duration,
) -> Result<Session, ConnectError> {
    sleep(pause).await;
    let opening = timeout(options.connect_timeout, open(options, spec, memory, remote));
    opening.await.unwrap_or_else(|_| {
        Err(ConnectError::TooSlow { remote: remote.to_string(), seconds: options.connect_timeout.as_secs() })
    })
}

/// Takes notice of lock handles while there is no session; ends when the last client has gone.
async fn only_controls(controls: &mut mpsc::UnboundedReceiver<Control>, locks: &mut Locks) {
    while let Some(control) = controls.recv().await {
        locks.control(control);
    }
}

/// Attempts are many while a server is away; the first one is worth a warning.
fn report_failure(error: &ConnectError, first: bool) {
    if first {
        warn!("no session, trying on: {error}");
    } else {
        debug!("no session, trying on: {error}");
    }
}
