//! The operators' socket: protocol, server and the client that the commands use.
//!
//! The running driver is the only one that opens the store, so whoever wants to know what it holds, or wants something
//! done, asks it here: JSON over HTTP on a unix socket that only root may open. The driver implements [`Operations`];
//! [`serve`] offers it on a socket that [`bind`] makes; [`Client`] asks. The types of [`report`] are what travels, and
//! what `--json` prints, field for field: a field may be added to them, but none is renamed or taken away.
//!
//! It is not the driver's protocol with Docker, and knows none of the other crates: identifiers, addresses and digests
//! are text here, and the action of a plan's step is whatever JSON the driver gives.

mod bind;
mod client;
mod failure;
mod operations;
pub mod report;
mod request;
mod selector;
mod server;

pub use bind::{BindError, bind};
pub use client::{Client, ClientError};
pub use failure::{Failure, FailureKind};
pub use operations::Operations;
pub use request::{Reclaiming, Releasing, Upgrading};
pub use selector::{BadSelector, Selector};
pub use server::serve;
