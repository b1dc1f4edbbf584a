//! Compiled modules that are kept on the disk, for those that take long to compile: a module in Rust or C is compiled
//! faster than it is worth keeping, one that brings an interpreter takes seconds.
//!
//! What is in here is run as root, so nothing is taken that somebody else could have put there: see [`entry`]. What is
//! missing or odd is compiled again, and the log says why; nothing depends on what is kept.

mod directory;
mod entry;
mod key;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use plan::ModeDigest;
use wasmtime::Engine;

use self::directory::{Directory, Odd};
pub(crate) use self::entry::Intact;
pub(crate) use self::key::Key;

/// Compiled modules on the disk. Nothing is opened or made before it is first used, and again each time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    /// The directory, this user's alone (0700); made if it is missing.
    pub directory: PathBuf,
    /// What takes less to compile is not kept.
    pub worth: Duration,
    /// Bytes that are kept at the most, all modules together.
    pub capacity: u64,
}

impl Cache {
    /// One that keeps what takes a quarter of a second or more, up to 512 MiB.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into(), worth: Duration::from_millis(250), capacity: 512 << 20 }
    }

    /// Why nothing is kept here, if the directory is there and not as it has to be.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        match Directory::open(&self.directory) {
            Ok(_) | Err(Odd::Missing) => None,
            Err(odd) => Some(odd.to_string()),
        }
    }

    /// What is kept under a key. Nothing: it is not there, or it is not as it has to be (which is said).
    pub(crate) fn get(&self, key: &Key) -> Option<Intact> {
        let directory = self.usable(Directory::open)?;
        match entry::read(&directory, key) {
            Ok(found) => {
                if found.is_some() {
                    directory.used(&key.name());
                }
                found
            }
            Err(odd) => {
                let file = self.directory.join(key.name());
                tracing::warn!(file = %file.display(), "a kept module is not taken, and compiled again: {odd}");
                directory.remove(&key.name());
                None
            }
        }
    }

    /// Keeps machine code that took so long to make, if that is worth it and there is room.
    pub(crate) fn put(&self, key: &Key, code: &[u8], taken: Duration) {
        if taken < self.worth {
            return;
        }
        let Some(directory) = self.usable(Directory::make) else { return };
        let kept = directory.make_room(entry::size(code), self.capacity).and_then(|room| match room {
            true => entry::write(&directory, key, code),
            false => Err(std::io::Error::other("it is larger than all that is kept may be")),
        });
        match kept {
            Ok(()) => tracing::debug!(module = %key.module(), ?taken, "the compiled module is kept"),
            Err(error) => tracing::warn!(module = %key.module(), %error, "the compiled module cannot be kept"),
        }
    }

    /// Removes what is of none of these modules, or of another version of the driver.
    pub(crate) fn keep_only(&self, needed: &BTreeSet<ModeDigest>, engine: &Engine) {
        let Some(directory) = self.usable(Directory::open) else { return };
        let names: BTreeSet<String> = needed.iter().map(|module| Key::new(module, engine).name()).collect();
        if let Err(error) = directory.keep_only(&names) {
            tracing::warn!(directory = %self.directory.display(), %error, "kept modules cannot be looked through");
        }
    }

    /// Removes what is kept under a key.
    pub(crate) fn remove(&self, key: &Key) {
        if let Some(directory) = self.usable(Directory::open) {
            directory.remove(&key.name());
        }
    }

    fn usable(&self, open: fn(&Path) -> Result<Directory, Odd>) -> Option<Directory> {
        match open(&self.directory) {
            Ok(directory) => Some(directory),
            Err(Odd::Missing) => None,
            Err(odd) => {
                let directory = self.directory.display();
                tracing::warn!("cache_dir {directory} is not used, modules are compiled at every start: {odd}");
                None
            }
        }
    }
}
