//! What removing did.

use serde::{Deserialize, Serialize};

use super::ToBeUndone;

/// A network with its endpoints, or one endpoint, that the driver has no more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Removed {
    /// The network.
    pub network: String,
    /// The endpoint, if that was all that was to go.
    pub endpoint: Option<String>,
    /// The endpoints that went with their network.
    pub endpoints: Vec<String>,
    /// What could not be undone yet: it is tried again.
    pub kept: Vec<ToBeUndone>,
}
