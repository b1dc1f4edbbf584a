//! The links of a host, seen from outside.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

/// How long links may take to go.
const LIMIT: Duration = Duration::from_secs(30);
/// How often they are looked at.
const PAUSE: Duration = Duration::from_micros(200);

/// The links of a host: the entries of its `/sys/class/net`.
#[derive(Clone, Debug)]
pub(crate) struct Links(pub(crate) PathBuf);

impl Links {
    /// What they are called.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(&self.0).expect("a host has links");
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    /// Waits until none of these is there.
    pub(crate) fn wait_gone<'a>(&self, names: impl IntoIterator<Item = &'a String>) {
        let deadline = Instant::now() + LIMIT;
        for name in names {
            while self.0.join(name).symlink_metadata().is_ok() {
                assert!(Instant::now() < deadline, "bench: the link {name} is still there");
                thread::sleep(PAUSE);
            }
        }
    }
}
