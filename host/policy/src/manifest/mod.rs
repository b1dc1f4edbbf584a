//! The manifest: what a module says about itself, as data in a custom section, readable without running it.
//!
//! It is the text of a `mode.toml`:
//!
//! ```toml
//! name = "flat"
//! version = "0.1.0"
//! summary = "one layer-2 segment, bridged to the wire"
//! contract = "1.0"
//! capabilities = ["bridge", "uplink"]
//! facts = ["host.mtu"]
//! gateway = "optional"
//! refusals = ["mtu-too-large"]
//!
//! [[options]]
//! key = "mtu"
//! type = "integer"
//! minimum = 68
//! maximum = 65535
//! help = "MTU of every link of the network"
//! aliases = ["com.docker.network.driver.mtu"]
//! ```

mod name;
mod parse;

use std::collections::{BTreeMap, BTreeSet};

use plan::Capability;
use serde::Deserialize;

pub use name::{MODE_NAME, is_mode_name};
pub use parse::{FACTS, ManifestError};

/// What a module says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// What its author calls it; networks ask for it by its file's name.
    pub name: String,
    /// The module's own version.
    pub version: String,
    /// One line for `mode ls`.
    pub summary: String,
    /// Which contract it was written for: `1.0`.
    pub contract: String,
    /// The capabilities it asks for.
    pub capabilities: Vec<Capability>,
    /// The facts about the host it wants in each question.
    pub facts: Vec<String>,
    /// Whether its networks need a gateway address.
    pub gateway: GatewayNeed,
    /// The options it understands.
    pub options: Vec<OptionSpec>,
    /// The codes of its refusals, where it lists them: a promise to tests and documents, never to the host.
    pub refusals: Vec<String>,
}

/// What Docker's `GwAllocCheck` is answered from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GatewayNeed {
    /// Docker sets a gateway address aside.
    #[default]
    Required,
    /// Docker sets one aside; the mode does without.
    Optional,
    /// There is none: no address is to be spent on it.
    None,
}

/// One option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionSpec {
    /// Its name in `--opt NAME=VALUE`.
    pub key: String,
    /// What it holds.
    pub kind: OptionKind,
    /// Where it may be given.
    pub scope: Scope,
    /// What it is if nobody says.
    pub default: Option<plan::Value>,
    /// Whether somebody has to say.
    pub required: bool,
    /// One line for people.
    pub help: String,
    /// Other names: old scripts, Docker's own labels. Each with a translation of values (`true` -> `netdev`), empty
    /// where they mean the same.
    pub aliases: BTreeMap<String, BTreeMap<String, String>>,
}

impl Manifest {
    /// Whether an option's value is only for the mode.
    #[must_use]
    pub fn is_secret(&self, key: &str) -> bool {
        self.options.iter().any(|spec| spec.key == key && spec.kind == OptionKind::Secret)
    }

    /// The options whose values are only for the mode.
    #[must_use]
    pub fn secrets(&self) -> BTreeSet<String> {
        let secret = self.options.iter().filter(|spec| spec.kind == OptionKind::Secret);
        secret.map(|spec| spec.key.clone()).collect()
    }
}

impl OptionSpec {
    /// Whether it may be given in a place.
    #[must_use]
    pub fn is_for(&self, scope: Scope) -> bool {
        self.scope == scope || self.scope == Scope::Both
    }
}

/// The type of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// Text; where `choices` are given, one of them.
    Text {
        /// All values it may have; empty: any.
        choices: Vec<String>,
    },
    /// A whole number.
    Integer {
        /// The least.
        minimum: i64,
        /// The greatest.
        maximum: i64,
    },
    /// Yes or no.
    Boolean,
    /// An IPv4 or IPv6 address.
    Address,
    /// An address with its prefix length.
    Net,
    /// An Ethernet address.
    Mac,
    /// A list of texts, separated by commas.
    Texts,
    /// A text that nobody but the mode is shown.
    Secret,
}

/// Where an option may be given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// On `docker network create`.
    #[default]
    Network,
    /// On `docker network connect` and in `driver_opts` of an endpoint.
    Endpoint,
    /// On either; the endpoint's own wins.
    Both,
}
