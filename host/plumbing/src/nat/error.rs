//! What goes wrong with the firewall.

use std::io;

/// Why the firewall is not as it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum FirewallError {
    /// A command that is needed is not installed.
    #[error("the command {0} was not found in PATH: install the package {1}")]
    NotInstalled(&'static str, &'static str),
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
    /// The kernel's connection tracking or change notifications could not be used.
    #[error("netlink {operation}: {source}")]
    Netlink {
        /// What was tried.
        operation: &'static str,
        /// Why not.
        source: io::Error,
    },
}
