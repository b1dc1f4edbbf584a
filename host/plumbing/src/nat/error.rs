//! What goes wrong with the firewall.

use std::io;

use crate::netlink::Failure;

/// Why the firewall is not as it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum FirewallError {
    /// A command that is needed is not installed.
    #[error("the command {command} was not found in PATH: install the package {package}")]
    NotInstalled {
        /// The command.
        command: &'static str,
        /// What brings it.
        package: &'static str,
    },
    /// An interface's name that `nft` cannot write.
    #[error("interface {0} cannot be named in a firewall rule: rename it, without quotes, asterisks and backslashes")]
    Name(String),
    /// A command could not be run.
    #[error("cannot run {command}: {source}")]
    Run {
        /// The command.
        command: String,
        /// Why not.
        source: io::Error,
    },
    /// A command failed: nothing of the transaction was done.
    #[error("{command} failed: {message}")]
    Failed {
        /// The command.
        command: String,
        /// What it said.
        message: String,
    },
    /// The kernel's switches for forwarding could not be set.
    #[error("cannot turn on forwarding: {0}")]
    Forwarding(#[source] io::Error),
    /// The kernel's connection tracking or change notifications could not be used.
    #[error("netlink {operation}: {source}")]
    Netlink {
        /// What was tried.
        operation: &'static str,
        /// Why not.
        source: io::Error,
    },
}

impl From<Failure> for FirewallError {
    fn from(failure: Failure) -> Self {
        Self::Netlink { operation: "connection tracking", source: failure.source }
    }
}
