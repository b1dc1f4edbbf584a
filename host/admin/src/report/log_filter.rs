//! What is logged.

use serde::{Deserialize, Serialize};

/// A change of the log filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogFilter {
    /// The filter that holds now.
    pub filter: String,
    /// The filter that held before.
    pub before: String,
}
