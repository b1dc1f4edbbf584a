//! Performs, verifies and undoes the actions of admitted plans on Open vSwitch, links and nftables.
//!
//! One plan is at most one OVSDB transaction and one nftables transaction. Everything made carries our [`Mark`]; what
//! carries none, or another driver's, is used where a user named it and never changed. This crate has heard neither of
//! Docker nor of WebAssembly, and keeps nothing: what exists is on the host, what should exist is told by the caller.

mod dataplane;
mod error;
mod explain;
mod guard;
mod kind;
pub mod link;
mod mark;
pub mod nat;
mod netlink;
mod ovn;
mod ovs;
mod plumbing;
#[cfg(test)]
mod testing;
mod work;

pub use dataplane::Dataplane;
pub use error::Error;
pub use explain::explain;
pub use link::{LinkError, Reach};
pub use mark::Mark;
pub use nat::{FirewallConfig, FirewallError};
pub use ovsdb::{NorthboundAt, Remote, TlsFiles};
pub use plumbing::{Config, Plumbing, TunnelEnd, TunnelEndError, carries_tunnels, tunnel_end, tunnel_rivals};
pub use work::{Condition, Event, Finding, Health, Holding, Marked, MarkedKind, Underlay, Work};
