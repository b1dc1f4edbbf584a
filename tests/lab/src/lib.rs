//! Hosts in namespaces, each with its own Docker, Open vSwitch and driver: where the tests, the demo and the bench run.
//!
//! A [`World`] is a few [`Node`]s, machines made of namespaces, on one wire. A [`Host`] is a node with Open vSwitch, a
//! Docker daemon and the driver; the *outside* node has none of them and stands for the rest of the world. What runs in
//! them was unpacked by `fetch.sh` (`make lab`). Everything a node writes is in memory, and everything of it is gone when
//! its value is dropped or its test dies, in whatever way: nothing of the machine's own is changed.
//!
//! The lab is for tests, so it does not return errors: what fails panics and says which command on which node said what,
//! and a world that is dropped by a panic prints the logs of its services.

mod central;
mod chassis;
mod command;
mod docker;
mod driver;
mod host;
mod image;
mod node;
mod openvswitch;
mod paths;
mod service;
mod snapshot;
mod traffic;
mod world;

pub use central::Central;
pub use command::{Failed, LONG};
pub use docker::Docker;
pub use host::Host;
pub use node::{Node, Running};
pub use paths::machine_code;
pub use snapshot::Snapshot;
pub use traffic::{Answer, Container, Place, Watched};
pub use world::{OUTSIDE, OUTSIDE_V6, ROUTER, World};
