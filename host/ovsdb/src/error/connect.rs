//! Why there is no session.

use std::io;

/// Why there is no session with a server. The client keeps trying.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The socket could not be connected, or broke.
    #[error("{remote}: {source}")]
    Io {
        /// The remote.
        remote: String,
        /// The system's error.
        source: io::Error,
    },
    /// The server closed the connection.
    #[error("{remote}: the server closed the connection")]
    Closed {
        /// The remote.
        remote: String,
    },
    /// Certificates or keys could not be used.
    #[error("{remote}: {file}: {problem}")]
    Tls {
        /// The remote.
        remote: String,
        /// The file, or `TLS`.
        file: String,
        /// What is wrong.
        problem: String,
    },
    /// Connecting took too long.
    #[error("{remote}: no session within {seconds} s")]
    TooSlow {
        /// The remote.
        remote: String,
        /// The limit.
        seconds: u64,
    },
    /// The server said nothing for too long, not even to an echo.
    #[error("{remote}: no answer to an inactivity probe within {seconds} s")]
    Silent {
        /// The remote.
        remote: String,
        /// The limit.
        seconds: u64,
    },
    /// The server said something that the protocol does not allow, or more than is accepted.
    #[error("{remote}: protocol violation: {problem}")]
    Protocol {
        /// The remote.
        remote: String,
        /// What is wrong.
        problem: String,
    },
    /// The server refused a request that a session needs.
    #[error("{remote}: {method} was refused: {error}")]
    Refused {
        /// The remote.
        remote: String,
        /// The JSON-RPC method.
        method: &'static str,
        /// What the server said, word for word.
        error: String,
    },
    /// The database is not there, or its schema lacks a table or column that is needed.
    #[error("{remote}: {missing} is not there: Open vSwitch may be too old")]
    Missing {
        /// The remote.
        remote: String,
        /// What is missing.
        missing: String,
    },
    /// The server is not the one to talk to now: not the leader, out of touch with its cluster, or behind.
    #[error("{remote}: {reason}")]
    Unsuitable {
        /// The remote.
        remote: String,
        /// Why not.
        reason: &'static str,
    },
    /// The server took the monitored database away or changed its schema: the session starts again.
    #[error("{remote}: {reason}: starting again")]
    Restart {
        /// The remote.
        remote: String,
        /// What happened.
        reason: &'static str,
    },
}

impl ConnectError {
    /// Whether it is for the certificates, or may be: one side has none, or does not take the other's. A server that does
    /// not take ours says so, or hangs up without a word.
    pub fn is_about_certificates(&self) -> bool {
        let is_ssl = |remote: &str| remote.starts_with("ssl:");
        match self {
            Self::Tls { .. } => true,
            Self::Closed { remote } => is_ssl(remote),
            Self::Io { remote, source } => is_ssl(remote) && (is_said(source) || is_hung_up(source)),
            _ => false,
        }
    }
}

/// Whether TLS itself failed, and not the connection below it.
fn is_said(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>())
}

fn is_hung_up(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof)
}
