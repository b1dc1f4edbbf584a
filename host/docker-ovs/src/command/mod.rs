//! The commands, one file each.

pub(crate) mod check;
pub(crate) mod completion;
pub(crate) mod explain;
pub(crate) mod ipam;
pub(crate) mod metadata;
pub(crate) mod mode;
pub(crate) mod network;
pub(crate) mod ovn;
pub(crate) mod plan;
pub(crate) mod serve;
mod subject;

use std::future::Future;
use std::time::Duration;

use admin::Client;

use crate::config::Config;
use crate::exit::Failure;

/// How long a question to the driver may take: a reconcile of many networks is the longest.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client of the running driver.
fn client(config: &Config) -> Client {
    Client::new(&config.admin_socket, PATIENCE)
}

/// Runs what waits for others, on one thread.
fn wait<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
