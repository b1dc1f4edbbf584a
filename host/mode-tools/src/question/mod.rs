//! What a mode is asked where there is neither Docker nor a host: networks, endpoints, ports and facts as the driver
//! would make them, and a host on which what a plan names is there.
//!
//! `docker-ovs plan`, fixtures and fuzzing ask in the same words because they all ask through this.

mod facts;
mod host;
mod names;
mod ports;
mod subnet;

pub(crate) use facts::follows_swarm;
pub use facts::{assumed, told};
pub use host::with_uplinks;
pub use names::Names;
pub use ports::{Collision, settled};
pub use subnet::{in_pool, subnet};
