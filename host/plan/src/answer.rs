//! What a mode answers: a plan, or a refusal.

use serde::{Deserialize, Serialize};

use crate::{Action, Attribute};

/// One thing to do. The label is still the mode's text: the guard checks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Names what the step makes, unique in its plan.
    pub label: String,
    /// What is to exist.
    pub action: Action,
    /// For people who ask what a mode did to their host.
    pub why: Option<String>,
    /// The key of what several networks of the host have in common.
    #[serde(default)]
    pub shared: Option<String>,
}

/// A plan as a mode returned it: nothing in it has been checked yet but that it is well formed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What to do, in order.
    pub steps: Vec<Step>,
    /// What Docker is told.
    pub reply: Vec<Attribute>,
}

/// Whose mistake it is, roughly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalClass {
    /// The request contradicts itself or the option's meaning.
    Invalid,
    /// The mode cannot do that.
    Unsupported,
    /// Something else has it.
    Conflict,
    /// There is none left.
    Exhausted,
    /// Not allowed.
    Denied,
    /// The mode met something it does not expect.
    Internal,
}

/// A mode's no to a user, in words for the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}{}", .at.as_deref().map(|at| format!(" (option {at})")).unwrap_or_default())]
pub struct Refusal {
    /// What kind of no.
    pub class: RefusalClass,
    /// Short and stable, for tests and scripts.
    pub code: String,
    /// What was wrong and what would be right.
    pub message: String,
    /// The option to change.
    pub at: Option<String>,
}
