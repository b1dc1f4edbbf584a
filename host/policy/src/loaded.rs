//! A module that was checked, compiled and tried.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use plan::{Grants, ModeDigest};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::contract::Prepared;
use crate::{Checked, Manifest, OptionError, Options, Owner, Scope};

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
#[derive(Clone)]
pub struct Loaded(Arc<Inner>);

struct Inner {
    checked: Checked,
    prepared: Prepared,
    turns: Arc<Semaphore>,
    /// What was secret before, whatever the manifest says of it.
    kept: BTreeSet<String>,
}

impl Loaded {
    pub(crate) fn new(checked: Checked, prepared: Prepared, turns: usize) -> Self {
        Self(Arc::new(Inner { checked, prepared, turns: Arc::new(Semaphore::new(turns)), kept: BTreeSet::new() }))
    }

    /// The same module, granted what `checked` says. Calls of both take turns together.
    pub(crate) fn granted(&self, checked: &Checked) -> Self {
        let (prepared, turns) = (self.0.prepared.clone(), Arc::clone(&self.0.turns));
        Self(Arc::new(Inner { checked: checked.clone(), prepared, turns, kept: self.0.kept.clone() }))
    }

    /// The same module for a network with options that were secret in an earlier one: they stay so, under whichever of an
    /// option's names. Calls of both take turns together.
    #[must_use]
    pub fn keeping(&self, secrets: &BTreeSet<String>) -> Self {
        let Inner { checked, prepared, turns, kept } = &*self.0;
        let named = secrets.iter().filter_map(|name| Some(checked.manifest.spec(name)?.key.clone()));
        let all: BTreeSet<String> = secrets.iter().cloned().chain(named).chain(kept.iter().cloned()).collect();
        if all.iter().all(|key| self.is_secret(key)) {
            return self.clone();
        }
        let (checked, prepared, turns) = (checked.clone(), prepared.clone(), Arc::clone(turns));
        Self(Arc::new(Inner { checked, prepared, turns, kept: all }))
    }

    /// The name it is asked for by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.checked.name
    }

    /// The SHA-256 of the file as it was dropped.
    #[must_use]
    pub fn digest(&self) -> &ModeDigest {
        &self.0.checked.digest
    }

    /// Where it came from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.0.checked.origin
    }

    /// What it says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.0.checked.manifest
    }

    /// Whether an option's value is only for the mode: its manifest says so, or one did before it.
    #[must_use]
    pub fn is_secret(&self, key: &str) -> bool {
        self.0.kept.contains(key) || self.manifest().is_secret(key)
    }

    /// The options whose values are only for the mode.
    #[must_use]
    pub fn secrets(&self) -> BTreeSet<String> {
        &self.0.kept | &self.manifest().secrets()
    }

    /// Types options by its manifest ([`Manifest::options`]). Of a secret no error has the value.
    ///
    /// # Errors
    ///
    /// The first option that is wrong.
    pub fn options(
        &self,
        scope: Scope,
        raw: &BTreeMap<String, String>,
        owner: &dyn Fn(&str, Scope) -> Option<Owner>,
    ) -> Result<Options, OptionError> {
        let typed = self.manifest().options(scope, raw, owner);
        typed.map_err(|error| error.hiding(|key| self.is_secret(key)))
    }

    /// What it may do: what its manifest asks for and the host grants. For the guard.
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.0.checked.grants
    }

    /// The file as it was dropped, for the store: a network keeps the bytes it was created with.
    #[must_use]
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.0.checked.bytes
    }

    /// Linked, and ready for an instance.
    pub(crate) fn prepared(&self) -> &Prepared {
        &self.0.prepared
    }

    /// Its own turns: a flood of calls queues behind itself.
    pub(crate) fn turns(&self) -> &Arc<Semaphore> {
        &self.0.turns
    }
}

impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded").field("name", &self.name()).field("digest", self.digest()).finish_non_exhaustive()
    }
}
