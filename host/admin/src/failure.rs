//! Why an operation was not done.

use std::error::Error;

use hyper::StatusCode;
use serde::{Deserialize, Serialize};

/// An error as it travels: what kind it is, for programs, and what happened, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Its kind.
    pub kind: FailureKind,
    /// What happened, to what, and what to do.
    pub message: String,
}

/// The kinds of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// No such network or endpoint.
    NotFound,
    /// The beginning of an identifier that several have.
    Ambiguous,
    /// The question makes no sense: a bad log filter, an unknown path.
    Invalid,
    /// It is not to be done: a mode or the guard says no, or something still needs what was to go.
    Refused,
    /// The driver needs something that is not there: Open vSwitch, as a rule. It may be there later.
    Unavailable,
    /// It took too long.
    Timeout,
    /// Anything else.
    #[serde(other)]
    Internal,
}

impl Failure {
    /// A failure of this kind in these words.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// Nothing of this name; `what` is the thing and its name, such as `network web`.
    pub fn not_found(what: impl std::fmt::Display) -> Self {
        Self::new(FailureKind::NotFound, format!("no such {what}"))
    }

    /// An error that the operator cannot do anything about but report, with its sources.
    pub fn internal(error: &(dyn Error + 'static)) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let words = cause.to_string();
            if !message.ends_with(&words) {
                message.push_str(": ");
                message.push_str(&words);
            }
            source = cause.source();
        }
        Self::new(FailureKind::Internal, message)
    }

    /// The exit code of a command that ends with it.
    pub fn exit_code(&self) -> u8 {
        self.kind.exit_code()
    }
}

impl FailureKind {
    /// The exit code of a command that ends with it: those of `sysexits.h`.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Invalid => 64,
            Self::Refused => 65,
            Self::NotFound | Self::Ambiguous => 66,
            Self::Unavailable => 69,
            Self::Internal => 70,
            Self::Timeout => 75,
        }
    }

    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Ambiguous => StatusCode::CONFLICT,
            Self::Invalid => StatusCode::BAD_REQUEST,
            Self::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_a_newer_driver_is_an_internal_one() {
        let failure: Failure = serde_json::from_str(r#"{"kind": "out-of-cheese", "message": "none left"}"#).unwrap();
        assert_eq!(failure, Failure::new(FailureKind::Internal, "none left"));
    }

    #[test]
    fn an_internal_failure_tells_its_sources() {
        #[derive(Debug, thiserror::Error)]
        #[error("cannot read the store")]
        struct Store(#[source] std::io::Error);
        let failure = Failure::internal(&Store(std::io::Error::other("disk full")));
        assert_eq!(failure.to_string(), "cannot read the store: disk full");
    }
}
