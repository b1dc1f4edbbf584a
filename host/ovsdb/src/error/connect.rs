//! Why there is no session.

/// Why there is no session with a server. The client keeps trying.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The socket could not be connected, or broke.
    #[error("{remote}: {source}")]
    Io {
        /// The remote.
        remote: String,
        /// The system's error.
        source: std::io::Error,
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
