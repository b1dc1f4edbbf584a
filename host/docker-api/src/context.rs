//! What is known about a call besides what Docker said.

use tokio::time::Instant;

/// One call's number and the time it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// Counts the requests of this process from 1; every log line of the call carries it.
    pub request: u64,
    /// When the driver must have answered. A little later the daemon is answered for it, and the call runs on unheard.
    pub deadline: Instant,
}
