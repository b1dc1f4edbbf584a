//! The driver's own work beside Docker's calls.

use std::sync::Arc;
use std::time::Duration;

use plumbing::{Dataplane, Event};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::Due;
use crate::Driver;

/// Events come in bursts: a firewall reload, a bridge with all its ports.
const BURST: Duration = Duration::from_millis(50);

impl<D: Dataplane> Driver<D> {
    /// Takes stock of what was remembered and keeps the host as planned, until it is dropped. Compiles the modules
    /// meanwhile, so that the first network does not wait for them.
    pub async fn run(self: Arc<Self>) {
        let mut events = self.dataplane.events();
        self.take_stock();
        let warming = Arc::clone(&self);
        let _warm = tokio::spawn(async move {
            warming.catalog.warm().await;
            warming.forget_modules().await;
        });
        let mut timer = interval(self.config.every);
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let mut due = tokio::select! {
                event = events.recv() => heard(event),
                _ = timer.tick() => Due::everything(),
            };
            sleep(BURST).await;
            drain(&mut events, &mut due);
            if !due.is_empty() {
                self.reconcile_due(&due).await;
            }
            if let Err(error) = self.store.catch_up().await {
                tracing::warn!(%error, "the store is not up to date: it is tried again");
            }
        }
    }
}

fn heard(event: Result<Event, RecvError>) -> Due {
    let mut due = Due::default();
    match event {
        Ok(event) => due.hear(event),
        // What was missed could have been about anything.
        Err(RecvError::Lagged(_)) => due = Due::everything(),
        Err(RecvError::Closed) => {}
    }
    due
}

fn drain(events: &mut Receiver<Event>, due: &mut Due) {
    loop {
        match events.try_recv() {
            Ok(event) => due.hear(event),
            Err(TryRecvError::Lagged(_)) => *due = Due::everything(),
            Err(TryRecvError::Empty | TryRecvError::Closed) => return,
        }
    }
}
