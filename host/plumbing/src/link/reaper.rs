//! Removes links in the background, many at a time: one alone takes the kernel 17 ms, a hundred together 40.
//!
//! What is to go is put into a group of its own by number, and the group is deleted with one request. While the kernel
//! works on that, the next batch gathers. No link is touched whose alias says that it is not ours.

use std::sync::Arc;

use plan::InterfaceName;
use tokio::sync::{mpsc, watch};

use super::message::{get, link};
use super::{LinkError, Links};
use crate::netlink::{Channel, Request};

/// The kernel keeps its routing lock for as long as a batch takes.
const BATCH: usize = 256;
const ATTEMPTS: usize = 3;

/// Removes links of ours. Cheap to clone; works until the last clone is dropped, and through what it was told by then.
#[derive(Clone, Debug)]
pub struct Reaper {
    queue: mpsc::UnboundedSender<InterfaceName>,
    pending: watch::Sender<usize>,
}

impl Reaper {
    /// A reaper of links whose alias starts with `mark`. Wants a tokio runtime.
    #[must_use]
    pub fn start(links: Links, mark: String) -> Self {
        let (queue, asked) = mpsc::unbounded_channel();
        let pending = watch::Sender::new(0);
        tokio::spawn(work(links, Arc::from(mark), asked, pending.clone()));
        Self { queue, pending }
    }

    /// Has a link removed; returns at once.
    pub fn reap(&self, name: InterfaceName) {
        self.pending.send_modify(|pending| *pending += 1);
        if self.queue.send(name).is_err() {
            self.pending.send_modify(|pending| *pending -= 1); // the runtime is shutting down
        }
    }

    /// How many links still are to go.
    #[must_use]
    pub fn pending(&self) -> usize {
        *self.pending.borrow()
    }

    /// Waits until everything asked for is gone, or given up on (which is logged).
    pub async fn idle(&self) {
        let mut pending = self.pending.subscribe();
        let _ = pending.wait_for(|pending| *pending == 0).await;
    }
}

async fn work(
    links: Links,
    mark: Arc<str>,
    mut asked: mpsc::UnboundedReceiver<InterfaceName>,
    pending: watch::Sender<usize>,
) {
    let mut batch = Vec::new();
    while asked.recv_many(&mut batch, BATCH).await > 0 {
        let names = std::mem::take(&mut batch);
        let (mark, size) = (Arc::clone(&mark), names.len());
        if let Err(error) = links.route.run(move |channel| remove(channel, &names, &mark)).await {
            tracing::warn!(%error, links = size, "links are left behind");
        }
        pending.send_modify(|pending| *pending -= size);
    }
}

/// Removes links, however many of them there are. A link can go between two requests, and the rest must not stay for
/// it; so what the kernel refuses is tried again.
fn remove(channel: &mut Channel, names: &[InterfaceName], mark: &str) -> Result<(), LinkError> {
    let mut result = Ok(());
    for _ in 0..ATTEMPTS {
        result = remove_once(channel, names, mark);
        if result.is_ok() {
            break;
        }
    }
    result
}

fn remove_once(channel: &mut Channel, names: &[InterfaceName], mark: &str) -> Result<(), LinkError> {
    // Never 0, which is every link that nobody put into a group, and far from the small numbers that people use.
    let group = rand::random::<u32>() | 0x4000_0000;
    let mut any = false;
    for name in names {
        any |= put_into(channel, name, mark, group)?;
    }
    if !any {
        return Ok(());
    }
    let body = link(0, false).number(libc::IFLA_GROUP, group);
    match channel.request(&Request { kind: libc::RTM_DELLINK, flags: 0, body }) {
        Err(failure) if !failure.is(libc::ENODEV) => Err(LinkError::refused("delete the group of", &names[0])(failure)),
        _ => Ok(()),
    }
}

/// Puts a link of ours into a group; false: there is no such link, or it is somebody else's.
fn put_into(channel: &mut Channel, name: &InterfaceName, mark: &str, group: u32) -> Result<bool, LinkError> {
    let Some(found) = get(channel, name)? else { return Ok(false) };
    // A link that a crash left a moment after it was made has no alias yet; names are ours alone and never used twice.
    let unfinished = found.alias.is_empty() && found.kind == "veth";
    if !unfinished && !found.alias.starts_with(mark) {
        tracing::warn!(link = %name, alias = found.alias, "not removed: it is not ours");
        return Ok(false);
    }
    let body = link(found.index, false).number(libc::IFLA_GROUP, group);
    match channel.request(&Request { kind: libc::RTM_SETLINK, flags: 0, body }) {
        Ok(_) => Ok(true),
        Err(failure) if failure.is(libc::ENODEV) => Ok(false),
        Err(failure) => Err(LinkError::refused("group", name)(failure)),
    }
}
