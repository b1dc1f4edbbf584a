//! What goes wrong with links.

use std::io;

use ipnet::IpNet;

use super::Reach;
use crate::netlink::Failure;

/// Why a link is not as it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The kernel refused a request about a link.
    #[error("cannot {operation} link {name}: {source}{}", .reason.as_deref().map(|reason| format!(" ({reason})")).unwrap_or_default())]
    Refused {
        /// What was tried.
        operation: &'static str,
        /// The link.
        name: String,
        /// The kernel's words, where it had some.
        reason: Option<String>,
        /// The kernel's error.
        source: io::Error,
    },
    /// The host has another way to where a route would lead.
    #[error(
        "this host reaches {there}, and a route to {destination} would change that: give another subnet, or another way \
         out (mode ovn: egress external, docker or none)"
    )]
    Reached {
        /// Where the route would lead.
        destination: IpNet,
        /// What the host reaches.
        there: Reach,
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

impl LinkError {
    pub(super) fn refused(operation: &'static str, name: &str) -> impl Fn(Failure) -> Self {
        move |Failure { reason, source }| {
            let reason = Some(reason).filter(|reason| !reason.is_empty());
            Self::Refused { operation, name: name.to_owned(), reason, source }
        }
    }

    pub(super) fn netlink(operation: &'static str, source: io::Error) -> Self {
        Self::Netlink { operation, source }
    }

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
            Self::Reached { .. } | Self::Netlink { .. } => false,
        }
    }
}

impl From<Failure> for LinkError {
    fn from(failure: Failure) -> Self {
        Self::netlink("request", failure.source)
    }
}
