//! Why things are there, and how they would be made by hand.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Step;

/// A plan, step by step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Explanation {
    /// The network.
    pub network: String,
    /// The endpoint; none: the plan is the network's own.
    pub endpoint: Option<String>,
    /// The mode that planned it.
    pub mode: String,
    /// The digest of that mode.
    pub mode_digest: String,
    /// The steps, in the order in which they are performed.
    pub steps: Vec<ExplainedStep>,
    /// What the mode tells Docker: gateway, routes, the interface's prefix.
    pub reply: Value,
}

/// One step, explained.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExplainedStep {
    /// The step.
    #[serde(flatten)]
    pub step: Step,
    /// What allowed it: `built-in`, or the grant and its parameter.
    pub grant: String,
    /// The `ovs-vsctl`, `ip` and `nft` lines that would do the same.
    pub shell: Vec<String>,
}
