//! Takes ports out of bridges without standing in the way of those that come.
//!
//! ovs-vswitchd stops for about 13 ms to let go of a port; whatever is added meanwhile waits. So no more than a few
//! removals are on their way at a time, and nobody waits for ovs-vswitchd to carry them out. What could not be removed,
//! because Open vSwitch is away, is tried again until it is done; what is forgotten in a crash still carries its mark.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use plan::InterfaceName;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, timeout_at};

use super::session::Session;
use crate::Error;

/// How many removals may be on their way.
const IN_FLIGHT: usize = 5;
/// How long ovs-vswitchd may take over them before it is taken for dead and not waited for.
const SETTLE: Duration = Duration::from_secs(1);
/// How long one attempt waits for Open vSwitch.
const ATTEMPT: Duration = Duration::from_secs(10);
/// How long to wait before what failed is tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// A queue of ports to be removed. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Remover {
    names: mpsc::UnboundedSender<InterfaceName>,
    pending: watch::Sender<HashSet<InterfaceName>>,
    session: Session,
}

impl Remover {
    /// Starts the task; it ends with the last clone.
    pub(crate) fn start(session: Session) -> Self {
        let (names, queue) = mpsc::unbounded_channel();
        let pending = watch::Sender::new(HashSet::new());
        tokio::spawn(run(session.clone(), queue, pending.clone()));
        Self { names, pending, session }
    }

    /// Has ports of our instance removed. Returns when their rows are gone, or at once where so much is queued that it
    /// would take a while: it will be done, whatever comes.
    pub(crate) async fn remove(&self, ports: &[InterfaceName], deadline: Instant) -> Result<(), Error> {
        let view = self.session.now();
        let is_there = |name: &&InterfaceName| {
            view.port(name).is_some() || view.has_rate(name, self.session.instance()) || !self.session.is_current()
        };
        let present: Vec<_> = ports.iter().filter(is_there).collect();
        self.session.leaving().extend(present.iter().map(|name| name.as_str()));
        self.pending.send_modify(|pending| pending.extend(present.iter().map(|name| (*name).clone())));
        for name in &present {
            // The task only ends with the last sender, so there is one to receive it.
            let _ = self.names.send((*name).clone());
        }
        if self.pending.borrow().len() > IN_FLIGHT.max(ports.len()) {
            return Ok(());
        }
        self.gone(ports, deadline).await
    }

    /// Waits until none of these is about to be removed: what is added under the name of one would be removed, too.
    pub(crate) async fn gone(&self, ports: &[InterfaceName], deadline: Instant) -> Result<(), Error> {
        let mut pending = self.pending.subscribe();
        let none = pending.wait_for(|pending| !ports.iter().any(|name| pending.contains(name)));
        match timeout_at(deadline, none).await {
            Ok(_) => Ok(()),
            Err(_) => Err(self.session.away()),
        }
    }

    /// Waits until nothing is about to be removed.
    pub(crate) async fn drained(&self, deadline: Instant) -> Result<(), Error> {
        let mut pending = self.pending.subscribe();
        match timeout_at(deadline, pending.wait_for(HashSet::is_empty)).await {
            Ok(_) => Ok(()),
            Err(_) => Err(self.session.away()),
        }
    }
}

async fn run(
    session: Session,
    mut queue: mpsc::UnboundedReceiver<InterfaceName>,
    pending: watch::Sender<HashSet<InterfaceName>>,
) {
    let mut in_flight = InFlight::default();
    loop {
        let room = in_flight.room(&session).await;
        let mut batch = Vec::new();
        if queue.recv_many(&mut batch, room).await == 0 {
            return;
        }
        let next_cfg = loop {
            match session.take_out_ports(&batch, Instant::now() + ATTEMPT).await {
                Ok(next_cfg) => break next_cfg,
                Err(error) => tracing::warn!(%error, ports = batch.len(), "ports are still to be removed"),
            }
            sleep(PAUSE).await;
        };
        in_flight.add(next_cfg, batch.len());
        pending.send_modify(|pending| pending.retain(|name| !batch.contains(name)));
    }
}

/// Removals that ovs-vswitchd has not carried out yet: the number it has to reach, and how many.
#[derive(Default)]
struct InFlight(VecDeque<(i64, usize)>);

impl InFlight {
    fn add(&mut self, next_cfg: Option<i64>, count: usize) {
        self.0.extend(next_cfg.map(|next_cfg| (next_cfg, count)));
    }

    /// Waits until there is room for more, and says for how many.
    async fn room(&mut self, session: &Session) -> usize {
        loop {
            let reached = session.now().root().map_or(i64::MAX, |root| root.cur_cfg());
            self.0.retain(|(next_cfg, _)| *next_cfg > reached);
            let count: usize = self.0.iter().map(|(_, count)| count).sum();
            match self.0.front() {
                Some((next_cfg, _)) if count >= IN_FLIGHT => {
                    if !session.reached(*next_cfg, Instant::now() + SETTLE).await {
                        self.0.pop_front();
                    }
                }
                _ => return IN_FLIGHT - count,
            }
        }
    }
}
