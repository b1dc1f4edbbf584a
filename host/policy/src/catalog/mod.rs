//! The modes of this host: the built-in ones and what lies in `mode_dir`, by name and by digest.

mod directory;
mod entry;
mod grants;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use plan::ModeDigest;

use self::directory::Dropped;
use self::entry::Entry;
pub use self::grants::GrantSection;
use self::grants::Sections;
use crate::escape::printable_within;
use crate::options::{mode_to_come, nearest};
use crate::{Checked, LoadError, Loaded, Manifest, Origin, Sandbox, Scope};

/// A mode that is part of the driver.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// Its name in `--opt mode=NAME`.
    pub name: &'static str,
    /// The module, embedded.
    pub wasm: &'static [u8],
}

/// Something an operator should know about what lies in `mode_dir` or stands in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice(pub String);

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The modes of this host. Shared by reference (`Arc`).
#[derive(Debug)]
pub struct Catalog {
    sandbox: Sandbox,
    sections: Sections,
    named: BTreeMap<String, Result<Arc<Entry>, Arc<LoadError>>>,
    restored: RwLock<BTreeMap<ModeDigest, Arc<Entry>>>,
}

/// Why there is no mode of a name or digest.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ModeError {
    /// Nobody put one there.
    #[error("there is no mode {name}: {}", hint(.nearest.as_deref(), .known))]
    Unknown {
        /// What was asked for, printable.
        name: String,
        /// What may have been meant.
        nearest: Option<String>,
        /// What there is.
        known: Vec<String>,
    },
    /// It is neither here nor in the store.
    #[error("module sha256:{0} is neither among the modes of this host nor in the store")]
    Gone(ModeDigest),
    /// There is a file, and something is wrong with it.
    #[error("mode {name} cannot be used")]
    Unusable {
        /// Its name.
        name: String,
        /// What is wrong.
        #[source]
        cause: Arc<LoadError>,
    },
}

fn hint(nearest: Option<&str>, known: &[String]) -> String {
    match nearest {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => format!("this host has {}", known.join(", ")),
    }
}

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
        let mut notices = Vec::new();
        let sections = Sections::read(grants, &mut notices);
        let (named, restored) = (BTreeMap::new(), RwLock::default());
        let mut catalog = Self { sandbox, sections, named, restored };
        for mode in built_in {
            catalog.add(mode.name, mode.name, Origin::BuiltIn, Ok(mode.wasm.to_vec()), &mut notices);
        }
        let limits = catalog.sandbox.limits().clone();
        for Dropped { path, name, bytes } in
            mode_dir.map(|directory| directory::read(directory, &limits, &mut notices)).unwrap_or_default()
        {
            let place = path.display().to_string();
            if built_in.iter().any(|mode| mode.name == name) {
                notices.push(Notice(format!("{place}: passed over, {name} is a built-in mode: give it another name")));
            } else {
                catalog.add(&name, &place, Origin::Site, bytes, &mut notices);
            }
        }
        catalog.sections.unclaimed(&|name| catalog.named.contains_key(name), &mut notices);
        (catalog, notices)
    }

    fn add(
        &mut self,
        name: &str,
        place: &str,
        origin: Origin,
        bytes: Result<Vec<u8>, LoadError>,
        notices: &mut Vec<Notice>,
    ) {
        let entry = bytes.and_then(|bytes| self.check(name, origin, bytes.into()));
        match &entry {
            Ok(entry) => self.sections.compare(entry.checked(), notices),
            Err(error) => notices.push(Notice(format!("{place}: mode {name} cannot be used: {}", causes(error)))),
        }
        self.named.insert(name.to_owned(), entry.map_err(Arc::new));
    }

    fn check(&self, name: &str, origin: Origin, bytes: Arc<[u8]>) -> Result<Arc<Entry>, LoadError> {
        let checked = Checked::new(name, origin, bytes, self.sandbox.limits())?;
        let allowed = self.sections.allowed(name, origin, checked.digest());
        Ok(Arc::new(Entry::new(checked.granted(&allowed))))
    }

    /// Compiles and tries everything that has not been yet.
    pub async fn warm(&self) {
        for (name, entry) in &self.named {
            if let Ok(entry) = entry
                && let Err(error) = entry.loaded(&self.sandbox).await
            {
                tracing::warn!(mode = name, "{}", causes(&error));
            }
        }
    }

    /// All names, with what is wrong where a file cannot be used, as far as that is known without compiling it.
    #[must_use]
    pub fn names(&self) -> Vec<(String, Option<String>)> {
        let wrong = |entry: &Result<_, Arc<LoadError>>| entry.as_ref().err().map(|error| causes(&**error));
        self.named.iter().map(|(name, entry)| (name.clone(), wrong(entry))).collect()
    }

    /// The manifest of a name, without compiling its module.
    #[must_use]
    pub fn manifest(&self, name: &str) -> Option<&Manifest> {
        self.named.get(name)?.as_ref().ok().map(|entry| entry.checked().manifest())
    }

    /// The mode of a name.
    ///
    /// # Errors
    ///
    /// Unknown (with the names there are), or why its file cannot be used.
    pub async fn by_name(&self, name: &str) -> Result<Loaded, ModeError> {
        match self.named.get(name) {
            Some(Ok(entry)) => entry.loaded(&self.sandbox).await,
            Some(Err(cause)) => Err(ModeError::Unusable { name: name.to_owned(), cause: Arc::clone(cause) }),
            None => Err(ModeError::Unknown {
                name: printable_within(name, 64),
                nearest: nearest(name, self.named.keys().map(String::as_str)).map(str::to_owned),
                known: self.named.keys().cloned().collect(),
            }),
        }
    }

    /// The module of a digest, if it is one of ours or was restored.
    ///
    /// # Errors
    ///
    /// Unknown, or why its file cannot be used.
    pub async fn by_digest(&self, digest: &ModeDigest) -> Result<Loaded, ModeError> {
        let entry = self.entry(digest).ok_or_else(|| ModeError::Gone(digest.clone()))?;
        entry.loaded(&self.sandbox).await
    }

    /// The entry of a digest: a built-in one, one of `mode_dir`, or a restored one.
    fn entry(&self, digest: &ModeDigest) -> Option<Arc<Entry>> {
        let named = || self.named.values().flatten().filter(|entry| entry.checked().digest() == digest);
        let built_in = named().find(|entry| entry.checked().origin == Origin::BuiltIn);
        let restored = || self.restored.read().unwrap_or_else(PoisonError::into_inner).get(digest).cloned();
        built_in.or_else(|| named().next()).cloned().or_else(restored)
    }

    /// Adds a module out of the store: a network keeps the one it was created with, whatever lies in `mode_dir` now.
    /// Its grants are today's. Compiles only when it is asked for.
    ///
    /// # Errors
    ///
    /// Where the bytes are no module any more.
    pub fn restore(&self, name: &str, origin: Origin, bytes: &[u8]) -> Result<ModeDigest, ModeError> {
        let digest = crate::digest(bytes);
        if self.entry(&digest).is_none() {
            let unusable = |error| ModeError::Unusable { name: name.to_owned(), cause: Arc::new(error) };
            let entry = self.check(name, origin, bytes.into()).map_err(unusable)?;
            self.restored.write().unwrap_or_else(PoisonError::into_inner).insert(digest.clone(), entry);
        }
        Ok(digest)
    }

    /// Which mode knows a network option, `except` for one: of this catalog, else of the ones to come.
    #[must_use]
    pub fn owner_of(&self, key: &str, except: &str) -> Option<String> {
        let here = self.named.iter().find(|(name, entry)| *name != except && knows(entry, key));
        here.map(|(name, _)| name.clone()).or_else(|| mode_to_come(key).map(str::to_owned))
    }
}

fn knows<E>(entry: &Result<Arc<Entry>, E>, key: &str) -> bool {
    let spec = entry.as_ref().ok().and_then(|entry| entry.checked().manifest().spec(key));
    spec.is_some_and(|spec| spec.is_for(Scope::Network))
}

/// An error with what caused it, in one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}
