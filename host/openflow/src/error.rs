//! What can go wrong between us and a bridge.

use std::path::PathBuf;

use crate::Refusal;

/// Why a bridge was not asked, or did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody listens.
    #[error("no bridge listens at {}: is ovs-vswitchd running?", .path.display())]
    Connect {
        /// The bridge's management socket.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// The bridge speaks no OpenFlow 1.3.
    #[error("the bridge at {} speaks no OpenFlow 1.3 (it offers version byte {version:#04x}): its column `protocols` has to allow it", .path.display())]
    Version {
        /// The bridge's management socket.
        path: PathBuf,
        /// The highest version it speaks, as it stands on the wire.
        version: u8,
    },
    /// The connection is gone: ovs-vswitchd ended, or the bridge was removed.
    #[error("the bridge at {} closed the connection: was ovs-vswitchd restarted?", .path.display())]
    Closed {
        /// The bridge's management socket.
        path: PathBuf,
    },
    /// No answer until the deadline.
    #[error("the bridge at {} does not answer in time", .path.display())]
    Timeout {
        /// The bridge's management socket.
        path: PathBuf,
    },
    /// The bridge refused a change. Those before and after it in its batch were done.
    #[error("the bridge refused to {change}: {refusal}")]
    Refused {
        /// What was asked of it.
        change: String,
        /// What it said.
        refusal: Refusal,
    },
    /// The bridge sent something that is no OpenFlow 1.3.
    #[error("the bridge at {} sent {what} that cannot be read", .path.display())]
    Malformed {
        /// The bridge's management socket.
        path: PathBuf,
        /// Which message.
        what: &'static str,
    },
}

impl Error {
    /// Whether the bridge may be there again on a new connection.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Connect { .. } | Self::Closed { .. })
    }
}
