//! What goes wrong with links.

use std::io;

/// Why a link is not as it was asked for. The names are the kernel's.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The kernel refused a request about a link.
    #[error("cannot {operation} link {name}: {source}{}", hint(.reason))]
    Refused {
        /// What was tried.
        operation: &'static str,
        /// The link.
        name: String,
        /// The kernel's reason in words, where it gave one; else empty.
        reason: String,
        /// The kernel's error.
        source: io::Error,
    },
    /// The link never came.
    #[error("link {name} did not appear in time: is ovs-vswitchd running?")]
    Absent {
        /// The link.
        name: String,
    },
    /// The kernel's answers could not be had or read.
    #[error("netlink {operation}: {source}")]
    Netlink {
        /// What was tried.
        operation: &'static str,
        /// Why not.
        source: io::Error,
    },
}

fn hint(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(" ({reason})") }
}

impl LinkError {
    /// Whether a link of that name was there already.
    #[must_use]
    pub fn is_exists(&self) -> bool {
        matches!(self, Self::Refused { source, .. } if source.kind() == io::ErrorKind::AlreadyExists)
    }

    /// Whether there is no such link.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        match self {
            Self::Refused { source, .. } => source.raw_os_error() == Some(libc::ENODEV),
            Self::Absent { .. } => true,
            Self::Netlink { .. } => false,
        }
    }
}
