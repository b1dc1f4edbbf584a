//! A module that was checked, compiled and tried.

use std::sync::Arc;

use plan::{Grants, ModeDigest};
use serde::{Deserialize, Serialize};

use crate::Manifest;

/// Where a module came from; kept with its bytes, because it decides what it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Shipped inside the driver: trusted with every capability unless the configuration narrows it.
    BuiltIn,
    /// Dropped into `mode_dir`: its own bridge and its own endpoints' ports, unless a grant gives more.
    Site,
}

/// A module that was checked, compiled and tried. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Loaded(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    digest: ModeDigest,
    origin: Origin,
    manifest: Manifest,
    grants: Grants,
    bytes: Arc<[u8]>,
}

impl Loaded {
    /// The name it is asked for by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The SHA-256 of the file as it was dropped.
    #[must_use]
    pub fn digest(&self) -> &ModeDigest {
        &self.0.digest
    }

    /// Where it came from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.0.origin
    }

    /// What it says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.0.manifest
    }

    /// What it may do: what its manifest asks for and the host grants. For the guard.
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.0.grants
    }

    /// The file as it was dropped, for the store: a network keeps the bytes it was created with.
    #[must_use]
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.0.bytes
    }
}
