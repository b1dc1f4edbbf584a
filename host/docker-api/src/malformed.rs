//! What Docker, or somebody else, sent and nobody could read: always a 400.

use std::fmt;

/// Why a request's body is not the call its path names.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Malformed {
    /// A daemon that lost the connection repeats the request, but not its body, which it has read already.
    #[error("the body is empty: expected a JSON object (a retried request loses its body, see moby#39331; try again)")]
    Empty,
    #[error("the body is not the JSON expected: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{field} is missing")]
    Missing { field: &'static str },
    #[error("{field} is {value}, expected {expected}")]
    Value { field: String, value: String, expected: &'static str },
}

impl Malformed {
    /// A value that cannot stand in this field.
    pub(crate) fn value(field: impl Into<String>, value: impl fmt::Debug, expected: &'static str) -> Self {
        let mut value = format!("{value:?}");
        if value.chars().count() > 80 {
            value = value.chars().take(80).chain("...".chars()).collect();
        }
        Self::Value { field: field.into(), value, expected }
    }
}
