//! The modes of this host: the built-in ones and what lies in `mode_dir`, by name and by digest.

use std::collections::BTreeMap;
use std::path::Path;

use plan::{Grants, ModeDigest};
use serde::Deserialize;

use crate::{Loaded, Origin, Sandbox};

/// A mode that is part of the driver.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// Its name in `--opt mode=NAME`.
    pub name: &'static str,
    /// The module, embedded.
    pub wasm: &'static [u8],
}

/// `[grants.NAME]` of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantSection {
    /// The file it was written for; a site's module gets nothing without.
    pub digest: Option<String>,
    /// What it may do.
    #[serde(default)]
    pub allow: Grants,
}

/// Something an operator should know about what lies in `mode_dir` or stands in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice(pub String);

/// The modes of this host. Shared by reference (`Arc`).
#[derive(Debug)]
pub struct Catalog;

/// Why there is no mode of a name or digest.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ModeError {}

impl Catalog {
    /// Reads the built-in modes and `mode_dir` (`NAME.wasm`; a missing directory is empty). Checks every file but
    /// compiles none: that happens when a mode is first asked for, or in the background by [`Catalog::warm`].
    #[must_use]
    pub fn open(
        sandbox: Sandbox,
        built_in: &[BuiltIn],
        mode_dir: Option<&Path>,
        grants: &BTreeMap<String, GrantSection>,
    ) -> (Self, Vec<Notice>) {
        let _ = (sandbox, built_in, mode_dir, grants);
        todo!()
    }

    /// Compiles and tries everything that has not been yet.
    pub async fn warm(&self) {}

    /// All names, with what is wrong where a file cannot be used.
    #[must_use]
    pub fn names(&self) -> Vec<(String, Option<String>)> {
        todo!()
    }

    /// The mode of a name.
    ///
    /// # Errors
    ///
    /// Unknown (with the names there are), or why its file cannot be used.
    pub async fn by_name(&self, name: &str) -> Result<Loaded, ModeError> {
        let _ = name;
        todo!()
    }

    /// The module of a digest, if it is one of ours or was restored.
    ///
    /// # Errors
    ///
    /// Unknown, or why its file cannot be used.
    pub async fn by_digest(&self, digest: &ModeDigest) -> Result<Loaded, ModeError> {
        let _ = digest;
        todo!()
    }

    /// Adds a module out of the store: a network keeps the one it was created with, whatever lies in `mode_dir` now.
    /// Its grants are today's. Compiles only when it is asked for.
    ///
    /// # Errors
    ///
    /// Where the bytes are no module any more.
    pub fn restore(&self, name: &str, origin: Origin, bytes: &[u8]) -> Result<ModeDigest, ModeError> {
        let _ = (name, origin, bytes);
        todo!()
    }

    /// Which mode knows a network option, `except` for one: of this catalog, else of the ones to come.
    #[must_use]
    pub fn owner_of(&self, key: &str, except: &str) -> Option<String> {
        let _ = (key, except);
        todo!()
    }
}
