//! The host's links over rtnetlink: container links (veth pairs), the addresses of internal ports, what the guard wants
//! to know about interfaces, and the removal of links in batches.
//!
//! Requests are system calls that work while they are being sent (a veth is created inside `sendmsg`), so each runs on
//! a blocking thread with a socket of its own and never holds up the executor.
//! Not here: Open vSwitch, which adds links to bridges, and Docker, which moves a container's end into the container.

mod error;
mod reaper;
mod spec;
mod watch;

pub use error::LinkError;
pub use reaper::Reaper;
pub use spec::{Configuration, Link, VethSpec};
pub use watch::{LinkEvent, LinkWatch};

use plan::{HostInterface, InterfaceName};
use tokio::time::Instant;

/// The links of one network namespace: the one that the calling thread is in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Links {}

impl Links {
    /// Links of the current network namespace.
    pub fn open() -> Result<Self, LinkError> {
        todo!()
    }

    /// Makes a veth pair: the host's end up, the container's end down, with the container's MAC address.
    pub async fn add_veth(&self, veth: &VethSpec) -> Result<(), LinkError> {
        let _ = veth;
        todo!()
    }

    /// Gives an existing link (an internal port) addresses, an MTU, and brings it up. What it has already stays.
    pub async fn configure(&self, name: &InterfaceName, wanted: &Configuration) -> Result<(), LinkError> {
        let _ = (name, wanted);
        todo!()
    }

    /// The link of a name.
    pub async fn get(&self, name: &InterfaceName) -> Result<Option<Link>, LinkError> {
        let _ = name;
        todo!()
    }

    /// All links.
    pub async fn list(&self) -> Result<Vec<Link>, LinkError> {
        todo!()
    }

    /// The link of a name, as soon as it is there.
    pub async fn wait_for(&self, name: &InterfaceName, deadline: Instant) -> Result<Link, LinkError> {
        let _ = (name, deadline);
        todo!()
    }

    /// Links that go, from now on.
    pub fn watch(&self) -> Result<LinkWatch, LinkError> {
        todo!()
    }

    /// All links as the guard wants to know them.
    pub async fn host_interfaces(&self) -> Result<Vec<HostInterface>, LinkError> {
        todo!()
    }

    /// Whether the kernel has Open vSwitch's datapath.
    pub async fn kernel_datapath(&self) -> Result<bool, LinkError> {
        todo!()
    }
}
