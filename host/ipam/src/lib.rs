//! Address pools, as Docker's `IpamDriver` calls ask for them.
//!
//! A pool is a subnet in a VRF. Networks claim it, one `RequestPool` a claim; their endpoints take addresses of it, and they
//! share gateways and auxiliary addresses. With a northbound database the pools are in there, one row each, so that all hosts
//! on it give out of the same; without one they are in the driver's own store. [`Ipam`] is what the driver calls.
//!
//! It has never heard of Docker's protocol, and does not know which networks there are: what Docker forgot to give back, the
//! driver or an operator says.

mod addresses;
mod change;
mod error;
mod given;
mod id;
mod ipam;
mod key;
mod northbound;
mod owed;
mod pool;
mod records;
mod report;
mod store;
mod subnets;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests;
mod used;
mod written;

pub use error::{Error, RecordsError};
pub use id::{BadPoolId, ClaimId, Place, PoolId};
pub use ipam::{Ipam, Wanted, WantedPool};
pub use key::{BadVrf, PoolKey, Vrf};
pub use pool::{Claim, Holder, Pool, Role, Use};
pub use records::{Must, Record, Records, Writing};
pub use report::{Held, Listed};
pub use written::{BadRecord, Written};

/// Where the northbound database is.
pub use ovsdb::Northbound;
