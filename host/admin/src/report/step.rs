//! The steps of a plan.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One step of a network's or an endpoint's plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Step {
    /// Its label, which other steps refer to.
    pub label: String,
    /// The kind of its action: `bridge`, `endpoint-port`, `masquerade`.
    pub kind: String,
    /// Its action, as the mode asked for it.
    pub action: Value,
    /// Why the mode wants it.
    pub why: Option<String>,
    /// The names that the host gave the things of this step, by what they name: `bridge`, `interface`.
    pub names: BTreeMap<String, String>,
    /// Is it there?
    pub state: StepState,
}

/// Is a step's outcome there?
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Not performed yet.
    Planned,
    /// There as planned.
    Present,
    /// There once, and now missing or changed.
    Drifted,
    /// Nobody can tell now.
    #[default]
    #[serde(other)]
    Unknown,
}
