//! What a reconcile did.

use serde::{Deserialize, Serialize};

use super::{Drift, ToBeUndone};

/// The outcome of a reconcile. Nothing in it but `networks` means that everything was as planned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reconciled {
    /// The networks that were verified.
    pub networks: Vec<String>,
    /// What was missing or changed, and is as planned again.
    pub repaired: Vec<Change>,
    /// What had our mark but no record, or was to be undone, and is gone now.
    pub removed: Vec<Change>,
    /// What could still not be undone: it is tried again.
    pub kept: Vec<ToBeUndone>,
    /// What could not be repaired.
    pub broken: Vec<Drift>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// One thing that a reconcile did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// The network; none: the thing's own mark names one that is unknown, or none.
    pub network: Option<String>,
    /// The endpoint, if it is about one.
    pub endpoint: Option<String>,
    /// The kind of thing: `bridge`, `port`, `link`.
    pub kind: String,
    /// Its name on the host.
    pub name: String,
    /// What was done and why.
    pub what: String,
}
