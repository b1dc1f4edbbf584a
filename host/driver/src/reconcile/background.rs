//! The driver's own work beside Docker's calls.

use std::sync::Arc;
use std::time::Duration;

use admin::report::Reconciled;
use plumbing::{Dataplane, Event};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::Due;
use crate::Driver;

/// Events come in bursts: a firewall reload, a bridge with all its ports.
const BURST: Duration = Duration::from_millis(50);
/// When to look again with an Open vSwitch that did not answer though it is connected: nobody tells when it does.
const SOON: Duration = Duration::from_secs(5);

impl<D: Dataplane> Driver<D> {
    /// Takes stock of what was remembered and keeps the host as planned, until it is dropped. Compiles the modules
    /// meanwhile, so that the first network does not wait for them.
    pub async fn run(self: Arc<Self>) {
        let (events, rules) = (self.dataplane.events(), self.dataplane.events());
        self.take_stock();
        tokio::join!(
            self.warm(),
            self.keep_all(events),
            self.keep_rules(rules),
            self.keep_addresses(),
            self.keep_members(),
            self.keep_peers(),
            self.ipam.run()
        );
    }

    /// Compiles what is to be used, and forgets what is not.
    async fn warm(&self) {
        self.catalog.warm().await;
        self.forget_modules().await;
    }

    /// Looks at everything at times, and at what events are about.
    async fn keep_all(&self, mut events: Receiver<Event>) {
        let mut timer = interval(self.config.every);
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let mut due = tokio::select! {
                event = events.recv() => heard(event),
                _ = timer.tick() => Due::everything(),
            };
            sleep(BURST).await;
            drain(&mut events, &mut due);
            if !due.is_empty()
                && let Err(error) = self.reconcile_due(&due).await
            {
                tracing::warn!(%error, "not everything is looked at: that is done when Open vSwitch is back");
                if self.dataplane.health().connected {
                    timer.reset_after(SOON);
                }
            }
            if let Err(error) = self.store.catch_up().await {
                tracing::warn!(%error, "the store is not up to date: it is tried again");
            }
        }
    }

    /// Puts the rules back as soon as somebody changed the firewall, beside everything else: they do not need the Open
    /// vSwitch that the rest may be waiting for.
    async fn keep_rules(&self, mut events: Receiver<Event>) {
        loop {
            match events.recv().await {
                // What was missed could have been that.
                Ok(Event::FirewallChanged) | Err(RecvError::Lagged(_)) => {}
                Ok(_) => continue,
                Err(RecvError::Closed) => return,
            }
            sleep(BURST).await;
            events = events.resubscribe();
            self.replace_rules(&mut Reconciled::default()).await;
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
