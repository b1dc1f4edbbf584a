//! Cuts the connections of containers that went, beside whatever else is done: a look through all connections takes the
//! kernel 10 ms, and whoever goes does not wait for it. Whoever comes with the same address does: a new container must
//! not inherit connections, nor have its own cut.

use std::collections::{HashMap, HashSet};
use std::iter;
use std::net::IpAddr;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, timeout_at};

use super::Firewall;

/// How many addresses one look is for.
const TOGETHER: usize = 1024;
/// After a leave Docker asks for more, and containers go together: a processor that looks through connections serves
/// nobody else.
const PAUSE: Duration = Duration::from_millis(20);

/// A queue of addresses. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Forgetter {
    queue: mpsc::UnboundedSender<IpAddr>,
    /// How often each is in the queue.
    pending: watch::Sender<HashMap<IpAddr, usize>>,
}

impl Forgetter {
    /// Starts the task; it ends with the last clone.
    pub(crate) fn start(firewall: Firewall) -> Self {
        let (queue, addresses) = mpsc::unbounded_channel();
        let pending = watch::Sender::default();
        tokio::spawn(run(firewall, addresses, pending.clone()));
        Self { queue, pending }
    }

    /// Has the connections of these addresses cut.
    pub(crate) fn forget(&self, addresses: impl IntoIterator<Item = IpAddr>) {
        for address in addresses {
            self.pending.send_modify(|pending| *pending.entry(address).or_default() += 1);
            // The task only ends with the last sender, so there is one to receive it.
            let _ = self.queue.send(address);
        }
    }

    /// Waits until the connections of none of these are about to be cut, but not beyond the deadline: an address is not
    /// worth a container that does not start.
    pub(crate) async fn forgotten(&self, addresses: &[IpAddr], deadline: Instant) {
        let mut pending = self.pending.subscribe();
        let none = pending.wait_for(|pending| !addresses.iter().any(|address| pending.contains_key(address)));
        if timeout_at(deadline, none).await.is_err() {
            tracing::warn!(?addresses, "connections of the addresses' last containers are still there");
        }
    }
}

async fn run(
    firewall: Firewall,
    mut queue: mpsc::UnboundedReceiver<IpAddr>,
    pending: watch::Sender<HashMap<IpAddr, usize>>,
) {
    let mut batch = Vec::new();
    while queue.recv_many(&mut batch, TOGETHER).await > 0 {
        sleep(PAUSE).await;
        batch.extend(iter::from_fn(|| queue.try_recv().ok()).take(TOGETHER));
        let addresses: HashSet<IpAddr> = batch.iter().copied().collect();
        if let Err(error) = firewall.forget(addresses).await {
            tracing::warn!(%error, "connections of containers that went are still there");
        }
        pending.send_modify(|pending| batch.drain(..).for_each(|address| done(pending, address)));
    }
}

fn done(pending: &mut HashMap<IpAddr, usize>, address: IpAddr) {
    match pending.get_mut(&address) {
        Some(count) if *count > 1 => *count -= 1,
        _ => drop(pending.remove(&address)),
    }
}
