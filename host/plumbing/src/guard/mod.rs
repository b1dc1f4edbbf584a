//! Guards: what a container's port has between it and its network's bridge, where it may only send as itself, or only so
//! much.
//!
//! Open vSwitch forgets flows and meters when ovs-vswitchd ends, and a bridge without flows switches everything. So a
//! guarded port is not on its network's bridge, but on one of the host's whose `fail_mode` is `secure`: there nothing passes
//! without a flow, and a patch leads from it to the network's bridge. All of that stands in the database. What is written here
//! over OpenFlow only opens it, and when it is gone the port is shut until it is written again.
//!
//! The network's bridge, which may be a user's with flows of its own, has no flow of ours.

mod flows;
mod session;
mod shell;
mod spec;

pub(crate) use session::Guards;
pub(crate) use shell::shell;
pub(crate) use spec::{GuardSpec, guarded_by, link_local};
