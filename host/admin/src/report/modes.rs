//! Modes, and what a site's modules are granted.

use serde::{Deserialize, Serialize};

/// All modes of a driver, and what an operator should know about them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Modes {
    /// Those with a name, in the order of the names; then the modules that only networks made earlier still use.
    pub modes: Vec<Mode>,
    /// What is wrong with files and grants, with what to do.
    pub notices: Vec<String>,
}

/// A mode that networks can be made with, or a module that could not become one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mode {
    /// Its name: `--opt mode=NAME`.
    pub name: String,
    /// The version that its manifest gives.
    pub version: String,
    /// What it is for, in a line.
    pub summary: String,
    /// The SHA-256 of the module, in hexadecimal.
    pub digest: String,
    /// Where it comes from.
    pub origin: ModeOrigin,
    /// How many networks were made with this digest.
    pub networks: u64,
    /// The capabilities that its manifest asks for.
    pub asked: Vec<String>,
    /// What of that it is granted: `uplink=eth1`.
    pub granted: Vec<String>,
    /// Those networks.
    pub users: Vec<ModeUser>,
    /// Why it cannot be used.
    pub error: Option<String>,
}

/// A network that was made with a mode.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModeUser {
    /// Its identifier.
    pub id: String,
    /// Docker's name for it: filled in by commands, as in [`super::NetworkSummary`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Where a mode comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModeOrigin {
    /// The driver's own.
    BuiltIn,
    /// A file in `mode_dir`.
    File,
    /// Only networks made earlier still use it; their bytes are in the store.
    Store,
    /// Something that this version has no word for.
    #[default]
    #[serde(other)]
    Unknown,
}
