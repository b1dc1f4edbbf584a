//! Where the modes of a site are, and what they are granted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::GrantSection;

/// Where the modes of a site are, and what they are granted. Nothing in it: there are the built-in modes only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// The directory of modules: `NAME.wasm`. A missing one is empty.
    pub mode_dir: Option<PathBuf>,
    /// The directory of grants: `NAME.toml`, a [`GrantFile`](super::GrantFile). A missing one is empty.
    pub grants_dir: Option<PathBuf>,
    /// The grants of the configuration, which win over those of the directory.
    pub grants: BTreeMap<String, GrantSection>,
    /// Files of both directories that somebody is writing: what they were before holds until they are done.
    pub unfinished: BTreeSet<PathBuf>,
}
