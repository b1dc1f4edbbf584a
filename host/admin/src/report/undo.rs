//! What could not be taken down yet.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A thing that is gone for Docker but still on the host: its undo failed, and is tried again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToBeUndone {
    /// The network it was of.
    pub network: String,
    /// The endpoint it was of, if any.
    pub endpoint: Option<String>,
    /// The label of the step.
    pub step: String,
    /// The kind of its action.
    pub kind: String,
    /// Its action.
    pub action: Value,
    /// How long it waits, in seconds.
    pub waiting_seconds: u64,
    /// How often it was tried.
    pub attempts: u64,
    /// Why the last try failed.
    pub last_error: Option<String>,
}
