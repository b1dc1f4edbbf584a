//! What can go wrong, told apart by what a caller can do about it.

mod connect;

use crate::transaction::Rejection;
pub use connect::ConnectError;
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
    Rejected(Box<Rejection>),
    /// There was no connection before the deadline; nothing was sent.
    #[error("not connected to database {database}{}", .source.as_ref().map(|cause| format!(": {cause}")).unwrap_or_default())]
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

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        Error::Rejected(Box::new(rejection))
    }
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
