//! The modes of this host: the built-in ones and what lies in `mode_dir`, by name and by digest.

mod change;
mod directory;
mod entry;
mod grant_file;
mod grants;
mod module;
mod site;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use plan::{Grants, ModeDigest};

pub use self::change::{Change, Reloaded};
use self::entry::Entry;
pub use self::grant_file::{GrantFile, GrantFileError, Granted};
pub use self::grants::GrantSection;
pub use self::module::{Known, Module};
pub use self::site::Site;
use self::table::{Named, Table};
use crate::escape::printable_within;
use crate::options::nearest;
use crate::{Checked, LoadError, Loaded, Manifest, Origin, Owner, Sandbox, Scope};

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
    table: RwLock<Table>,
}

/// Why there is no mode of a name or digest.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ModeError {
    /// Nobody put one there.
    #[error("there is no mode {name}: {}", hint(.nearest.as_deref(), .known))]
    Unknown {
        /// What was asked for, printable.
        name: String,
        /// What may have been meant, in whatever case it was written.
        nearest: Option<String>,
        /// What there is, and can be used.
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
    /// The built-in modes, and those of a `mode_dir` under these grants: see [`Catalog::of_site`].
    #[must_use]
    pub fn open(
        sandbox: Sandbox,
        built_in: &[BuiltIn],
        mode_dir: Option<&Path>,
        grants: &BTreeMap<String, GrantSection>,
    ) -> (Self, Vec<Notice>) {
        let site = Site { mode_dir: mode_dir.map(Path::to_owned), grants: grants.clone(), ..Site::default() };
        let catalog = Self::of_site(sandbox, built_in, &site);
        let notices = catalog.notices();
        (catalog, notices)
    }

    /// Reads the built-in modes and a site's. Checks every file but compiles none: that happens when a mode is first asked
    /// for, or in the background by [`Catalog::warm`].
    #[must_use]
    pub fn of_site(sandbox: Sandbox, built_in: &[BuiltIn], site: &Site) -> Self {
        let table = Table::read(sandbox.limits(), built_in, site, &Table::default());
        Self { sandbox, table: RwLock::new(table) }
    }

    /// Reads everything again, and replaces at once what each name means and what each module may do. A module that a
    /// network may still use stays reachable by its digest, whatever lies in `mode_dir` now; nothing that was compiled is
    /// compiled again. Touches the disk; one at a time, or an older state may replace a newer one.
    #[must_use]
    pub fn reload(&self, built_in: &[BuiltIn], site: &Site) -> Reloaded {
        let before = self.read().clone();
        let mut new = Table::read(self.sandbox.limits(), built_in, site, &before);
        let mut table = self.write();
        new.succeed(&table);
        let known = |notice: &Notice| table.notices.contains(notice);
        let notices = new.notices.iter().filter(|notice| !known(notice)).cloned().collect();
        let reloaded = Reloaded { changes: change::changes(&table, &new), notices };
        *table = new;
        reloaded
    }

    /// What an operator should know about what lies in the site's directories or stands in the configuration.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        self.read().notices.clone()
    }

    /// Forgets modules that neither a name leads to nor `needed` has, and what is kept of them on the disk. What is wanted
    /// after all has to be [restored](Catalog::restore). Touches the disk.
    pub fn keep_only(&self, needed: &BTreeSet<ModeDigest>) {
        let left = self.write().keep_only(needed);
        self.sandbox.keep_only(&left);
    }

    /// Compiles and tries everything that has not been yet.
    pub async fn warm(&self) {
        let named = self.read().named.clone();
        for entry in named.into_values().flatten().filter(|entry| !entry.is_known()) {
            if let Err(error) = entry.loaded(&self.sandbox).await {
                tracing::warn!("{}", causes(&error));
            }
        }
    }

    /// All there is to tell of every name. Compiles and tries what has not been yet.
    pub async fn overview(&self) -> Vec<Known> {
        let named = self.read().named.clone();
        let mut all = Vec::new();
        for (name, entry) in named {
            let (module, error) = match entry {
                Ok(entry) => {
                    let error = entry.loaded(&self.sandbox).await.err().map(|error| causes(&error));
                    (Some(Module::from(entry.checked())), error)
                }
                Err(error) => (None, Some(causes(&*error))),
            };
            all.push(Known { name, module, error });
        }
        all
    }

    /// Whether a name leads to a module.
    #[must_use]
    pub fn is_named(&self, digest: &ModeDigest) -> bool {
        self.read().named.values().flatten().any(|entry| entry.checked().digest() == digest)
    }

    /// What there is to tell of a module that some network uses, if it is here.
    #[must_use]
    pub fn module(&self, digest: &ModeDigest) -> Option<Module> {
        self.read().entry(digest).map(|entry| Module::from(entry.checked()))
    }

    /// All names, with what is wrong where a file cannot be used, as far as that is known without compiling it.
    #[must_use]
    pub fn names(&self) -> Vec<(String, Option<String>)> {
        let wrong = |entry: &Named| entry.as_ref().err().map(|error| causes(&**error));
        self.read().named.iter().map(|(name, entry)| (name.clone(), wrong(entry))).collect()
    }

    /// The manifest of a name, without compiling its module.
    #[must_use]
    pub fn manifest(&self, name: &str) -> Option<Manifest> {
        self.read().named.get(name)?.as_ref().ok().map(|entry| entry.checked().manifest().clone())
    }

    /// The module of a name with what it is granted, without compiling it.
    ///
    /// # Errors
    ///
    /// Unknown (with the names there are), or why its file cannot be used.
    pub fn checked(&self, name: &str) -> Result<Checked, ModeError> {
        Ok(self.named(name)?.checked().clone())
    }

    /// The mode of a name.
    ///
    /// # Errors
    ///
    /// Unknown (with the names there are), or why its file cannot be used.
    pub async fn by_name(&self, name: &str) -> Result<Loaded, ModeError> {
        let entry = self.named(name)?;
        entry.loaded(&self.sandbox).await
    }

    fn named(&self, name: &str) -> Result<Arc<Entry>, ModeError> {
        let table = self.read();
        match table.named.get(name) {
            Some(Ok(entry)) => Ok(Arc::clone(entry)),
            Some(Err(cause)) => Err(ModeError::Unusable { name: name.to_owned(), cause: Arc::clone(cause) }),
            None => {
                let (known, lower) = (table.usable(), name.to_ascii_lowercase());
                let nearest = nearest(&lower, known.iter().map(String::as_str)).map(str::to_owned);
                Err(ModeError::Unknown { name: printable_within(name, 64), nearest, known })
            }
        }
    }

    /// The module of a digest, if it is one of ours or was restored.
    ///
    /// # Errors
    ///
    /// Unknown, or why its file cannot be used.
    pub async fn by_digest(&self, digest: &ModeDigest) -> Result<Loaded, ModeError> {
        let entry = self.read().entry(digest).cloned();
        entry.ok_or_else(|| ModeError::Gone(digest.clone()))?.loaded(&self.sandbox).await
    }

    /// Adds a module out of the store: a network keeps the one it was created with, whatever lies in `mode_dir` now.
    /// Its grants are today's. Compiles only when it is asked for.
    ///
    /// # Errors
    ///
    /// Where the bytes are no module any more.
    pub fn restore(&self, name: &str, origin: Origin, bytes: &[u8]) -> Result<ModeDigest, ModeError> {
        let digest = crate::digest(bytes);
        if self.read().entry(&digest).is_none() {
            let unusable = |error| ModeError::Unusable { name: name.to_owned(), cause: Arc::new(error) };
            let checked = Checked::new(name, origin, bytes.into(), self.sandbox.limits()).map_err(unusable)?;
            self.write().keep(checked);
        }
        Ok(digest)
    }

    /// What a module may do at the most, whatever it asks for: by the configuration alone, so that what it planned can be
    /// judged again where it no longer compiles, or is gone.
    #[must_use]
    pub fn allowed(&self, name: &str, origin: Origin, digest: &ModeDigest) -> Grants {
        self.read().allowed(name, origin, digest)
    }

    /// Which modes know an option of a network or an endpoint, `except` for one.
    #[must_use]
    pub fn owner_of(&self, key: &str, scope: Scope, except: &str) -> Option<Owner> {
        let table = self.read();
        let here = table.named.iter().filter(|(name, entry)| *name != except && knows(entry, key, scope));
        let names: Vec<String> = here.map(|(name, _)| name.clone()).collect();
        (!names.is_empty()).then_some(Owner(names))
    }

    fn read(&self) -> RwLockReadGuard<'_, Table> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Table> {
        self.table.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn knows(entry: &Named, key: &str, scope: Scope) -> bool {
    let spec = entry.as_ref().ok().and_then(|entry| entry.checked().manifest().spec(key));
    spec.is_some_and(|spec| spec.is_for(scope))
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
