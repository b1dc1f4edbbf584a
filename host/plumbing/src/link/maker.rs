//! Makes containers' links, one after the other, on a thread of its own.
//!
//! All of them want the kernel's one lock: side by side each would take several times as long, and the thread is awake
//! for the next one already.

use std::sync::mpsc;
use std::{io, thread};

use netlink_sys::protocols::{NETLINK_GENERIC, NETLINK_ROUTE};
use tokio::sync::oneshot;

use super::{LinkError, VethSpec, generic, veth};
use crate::netlink::Channel;

/// A link to be made, and who waits for it.
type Wish = (VethSpec, oneshot::Sender<Result<(), LinkError>>);

/// The thread's end that callers hold: it ends with the last one.
#[derive(Clone, Debug)]
pub(super) struct Maker(mpsc::Sender<Wish>);

impl Maker {
    /// Starts the thread, in the network namespace of the one that asks.
    pub(super) fn start() -> io::Result<Self> {
        let (wishes, queue) = mpsc::channel();
        let mut bench =
            Bench { route: Channel::open(NETLINK_ROUTE)?, generic: Channel::open(NETLINK_GENERIC)?, ethtool: None };
        thread::Builder::new().name("links".to_owned()).spawn(move || bench.work(&queue))?;
        Ok(Self(wishes))
    }

    /// Has a link made.
    pub(super) async fn make(&self, veth: &VethSpec) -> Result<(), LinkError> {
        let (answer, made) = oneshot::channel();
        let gone = || LinkError::netlink("thread", io::Error::other("it panicked"));
        self.0.send((veth.clone(), answer)).map_err(|_| gone())?;
        made.await.map_err(|_| gone())?
    }
}

/// What the thread works with.
struct Bench {
    route: Channel,
    generic: Channel,
    /// The family of ethtool's messages, once it was asked for.
    ethtool: Option<u16>,
}

impl Bench {
    fn work(&mut self, queue: &mpsc::Receiver<Wish>) {
        for (veth, answer) in queue {
            let made = self.make(&veth);
            let is_there = made.is_ok();
            // Whoever gave up waiting finds the link by its alias.
            let _ = answer.send(made);
            // Nobody waits for this: as long as ovs-vswitchd has the kernel's lock, the kernel starts over and over. Until
            // the container's end is up there is no carrier, and nothing to be silent about.
            if let Some(error) = is_there.then(|| veth::silence(&veth.name).err()).flatten() {
                tracing::warn!(link = %veth.name, %error, "the host does IPv6 on a container's link");
            }
        }
    }

    /// Nothing is left of a link that is not finished.
    fn make(&mut self, veth: &VethSpec) -> Result<(), LinkError> {
        veth::add(&mut self.route, veth)?;
        let finished = veth::finish(&mut self.route, veth).and_then(|()| self.fit(veth));
        if finished.is_err() {
            veth::delete(&mut self.route, &veth.name)?;
        }
        finished
    }

    fn fit(&mut self, veth: &VethSpec) -> Result<(), LinkError> {
        if !veth.checksum_offload_off {
            return Ok(());
        }
        generic::checksums_in_software(&mut self.generic, &mut self.ethtool, &veth.peer)
    }
}
