//! Networks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Endpoint, Step, ToBeUndone};

/// A network in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkSummary {
    /// Its identifier.
    pub id: String,
    /// Docker's name for it. The driver does not know it and never sends it: commands ask Docker and fill it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The mode that planned it.
    pub mode: String,
    /// The digest of that mode.
    pub mode_digest: String,
    /// Where in its life it is.
    pub state: NetworkState,
    /// Is it as planned?
    pub health: Health,
    /// It has no way out.
    pub internal: bool,
    /// Its subnets: `10.0.0.0/24`.
    pub subnets: Vec<String>,
    /// The bridge it is on.
    pub bridge: Option<String>,
    /// How many endpoints it has.
    pub endpoints: u64,
    /// How many of them are joined to a container.
    pub joined: u64,
}

/// Everything about a network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkDetail {
    /// What the list says of it.
    #[serde(flatten)]
    pub summary: NetworkSummary,
    /// The gateways that Docker reserved: `10.0.0.1/24`.
    pub gateways: Vec<String>,
    /// Its options as the mode got them, defaults filled in.
    pub options: BTreeMap<String, Value>,
    /// Docker's own keys that were given and that nobody acts on.
    pub ignored: Vec<String>,
    /// What the mode was told of the host.
    pub facts: BTreeMap<String, Value>,
    /// Its plan.
    pub steps: Vec<Step>,
    /// The things on the host that it uses, and whose they are.
    pub objects: Vec<Object>,
    /// Its endpoints.
    pub endpoint_list: Vec<Endpoint>,
    /// What is not as planned.
    pub drift: Vec<Drift>,
    /// What is left of endpoints that are gone.
    pub to_be_undone: Vec<ToBeUndone>,
}

/// Where in its life a network is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkState {
    /// Being plumbed: Docker waits to hear how that goes.
    Creating,
    /// Plumbed.
    Ready,
    /// Gone for Docker, being taken down.
    Removing,
    /// Something that this version has no word for.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Is a network or a step as planned?
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// It is.
    Healthy,
    /// It is not; reconcile repairs it.
    Drifted,
    /// It is not, and reconcile cannot repair it.
    Broken,
    /// Nobody can tell now.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A thing on the host that a network uses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Object {
    /// What it is: `bridge`, `port`, `link`, `nft-table`.
    pub kind: String,
    /// Its name on the host.
    pub name: String,
    /// Whose it is.
    pub ownership: Ownership,
    /// The label of the step it comes from.
    pub step: Option<String>,
    /// The other networks that claim it.
    pub shared_with: Vec<String>,
}

/// Whose a thing on the host is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ownership {
    /// The driver made it, and takes it away with the last network that uses it.
    Made,
    /// It was there before, and stays.
    Used,
    /// Nobody can tell now.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Something that is not as planned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Drift {
    /// The network; empty: it is about the host as a whole.
    pub network: String,
    /// The endpoint, if it is about one.
    pub endpoint: Option<String>,
    /// The label of the step.
    pub step: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What reconcile does about it; none: it cannot.
    pub repair: Option<String>,
}
