//! Moving a network to another module: what it comes to, and what was done.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{EndpointState, Step};

/// What a network's upgrade changes, or has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Upgrade {
    /// The network.
    pub network: String,
    /// Docker's name for it: filled in by commands, as in [`super::NetworkSummary`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How far it is.
    pub stage: UpgradeStage,
    /// The module that the network was created with, or last moved to.
    pub from: Module,
    /// The module that it is, or was, moved to.
    pub to: Module,
    /// What `to` may do and `from` may not.
    pub granted: Vec<String>,
    /// What `from` may do and `to` may not.
    pub lost: Vec<String>,
    /// The network's options that the two modules get with other values: defaults that changed, as a rule.
    pub options: Vec<FieldChange>,
    /// What changes of the network's own plan.
    pub steps: Vec<StepChange>,
    /// The endpoints for which something changes, in the order of their identifiers.
    pub endpoints: Vec<EndpointChange>,
    /// How many endpoints stay as they are.
    pub unchanged_endpoints: u64,
    /// What stands for this difference: an upgrade is carried out only by whoever gives it back, and only as long as it is
    /// still the same.
    pub confirmation: String,
}

/// How far an upgrade is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UpgradeStage {
    /// Looked at; nothing was changed.
    Planned,
    /// Carried out.
    Done,
    /// The network has that module already.
    Current,
    /// Something that this version has no word for.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Module {
    /// The name it is asked for by.
    pub mode: String,
    /// Its own version; none: it cannot be read any more.
    pub version: Option<String>,
    /// The SHA-256 of its file.
    pub digest: String,
}

/// A field with two values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// What it was; null: it was not there.
    pub before: Value,
    /// What it becomes; null: it is not there any more.
    pub after: Value,
}

/// A step that comes, goes, or becomes another one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StepChange {
    /// Which of these.
    pub change: StepFate,
    /// The step as it becomes; of one that goes, as it was.
    #[serde(flatten)]
    pub step: Step,
    /// What differs, field by field, of a step that both plans have.
    pub fields: Vec<FieldChange>,
}

/// What becomes of a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepFate {
    /// It comes.
    Added,
    /// It goes.
    Removed,
    /// What it made is changed where it stands.
    Changed,
    /// What it made goes, and something else comes in its place.
    Replaced,
    /// Something that this version has no word for.
    #[default]
    #[serde(other)]
    Unknown,
}

/// What changes of an endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EndpointChange {
    /// The endpoint.
    pub id: String,
    /// The name of its container: filled in by commands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// Where in its life it is.
    pub state: EndpointState,
    /// What changes of its plans: its link's, and its published ports'.
    pub steps: Vec<StepChange>,
    /// What Docker is told of it (gateway, routes): of a joined endpoint that takes effect when its container is restarted.
    pub reply: Vec<FieldChange>,
}
