//! What can go wrong, told apart by what a caller can do about it.

use crate::transaction::Rejection;
use std::sync::Arc;

/// Why a call failed.
///
/// After [`Rejected`](Error::Rejected), [`NotConnected`](Error::NotConnected) and [`NotSent`](Error::NotSent) nothing was
/// changed. After [`Unknown`](Error::Unknown) the transaction may have been done, or may still be done: read again, or
/// send it again if it carries its own row uuids.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The server refused the transaction.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// There was no connection before the deadline; nothing was sent.
    #[error("not connected to database {database}")]
    NotConnected {
        /// The database.
        database: String,
        /// What the last attempt to connect ended with.
        source: Option<Arc<ConnectError>>,
    },
    /// The deadline passed while the request waited for its turn; nothing was sent.
    #[error("the deadline passed before the request to database {database} could be sent")]
    NotSent {
        /// The database.
        database: String,
    },
    /// The request was sent and its answer is not known.
    #[error("the outcome of a request to database {database} is unknown: {reason}")]
    Unknown {
        /// The database.
        database: String,
        /// Why.
        reason: UnknownReason,
    },
    /// What was waited for did not come true before the deadline.
    #[error("the deadline passed while waiting for a change of database {database}")]
    WaitedInVain {
        /// The database.
        database: String,
    },
    /// The request is one that no server could accept; nothing was sent.
    #[error("operation {index} ({operation}) is malformed: {problem}")]
    Malformed {
        /// The index of the operation.
        index: usize,
        /// Its name.
        operation: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// The options contradict themselves.
    #[error(transparent)]
    Options(#[from] OptionsError),
}

/// Why the answer to a request is not known.
#[derive(Clone, Debug, thiserror::Error)]
pub enum UnknownReason {
    /// The deadline passed first.
    #[error("no reply before the deadline")]
    NoReply,
    /// The connection ended first.
    #[error("the connection ended before the reply: {0}")]
    Disconnected(Arc<ConnectError>),
    /// The reply makes no sense.
    #[error("{0}")]
    Misfit(String),
}

/// Options that no connection could be made with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// No remote is given.
    #[error("no remote is given: name at least one, such as unix:/run/openvswitch/db.sock")]
    NoRemote,
    /// An `ssl:` remote without certificates.
    #[error("remote {0} needs a private key, a certificate and a CA certificate")]
    NoTlsFiles(String),
    /// A monitor names a column twice, or a condition or index column that it does not monitor.
    #[error("the monitor of table {table} uses column {column} without monitoring it")]
    Unmonitored {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
}

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

impl Error {
    /// What the server said, if it refused the transaction.
    pub fn rejection(&self) -> Option<&Rejection> {
        match self {
            Error::Rejected(rejection) => Some(rejection),
            _ => None,
        }
    }

    /// There was no connection.
    pub fn is_not_connected(&self) -> bool {
        matches!(self, Error::NotConnected { .. })
    }

    /// The transaction may have been done: it was sent and no reply was seen.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Error::Unknown { .. })
    }

    /// A deadline passed.
    pub fn is_timeout(&self) -> bool {
        matches!(
            self,
            Error::NotConnected { .. }
                | Error::NotSent { .. }
                | Error::WaitedInVain { .. }
                | Error::Unknown { reason: UnknownReason::NoReply, .. }
        )
    }

    /// Nothing was done and the same request may be accepted later; after a failed guard read again first.
    pub fn can_retry(&self) -> bool {
        match self {
            Error::NotConnected { .. } | Error::NotSent { .. } => true,
            Error::Rejected(rejection) => rejection.can_retry(),
            _ => false,
        }
    }

    /// A row with this uuid or these index columns is already there.
    pub fn is_duplicate(&self) -> bool {
        self.rejection().is_some_and(Rejection::is_duplicate)
    }

    /// A `wait` of the transaction did not come true.
    pub fn is_guard_failed(&self) -> bool {
        self.rejection().is_some_and(Rejection::is_guard_failed)
    }
}
