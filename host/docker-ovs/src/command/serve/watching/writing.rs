//! The files that somebody is writing, by what inotify tells of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// A file that was made with something in it and not written to for so long was made whole, under its name at last.
const WHOLE: Duration = Duration::from_secs(2);

/// A file that nobody has written to for so long is whole, though nobody closed it: it was cut by its name (truncate(2)),
/// or what was told of its closing was lost. So is an empty one: on a busy host its writer may take a while to begin.
const GIVEN_UP: Duration = Duration::from_secs(60);

/// The files that somebody is writing, each with when it is taken for whole if nothing more is heard of it. One that was
/// written to is being written until it is closed, as a rule.
#[derive(Debug, Default)]
pub(super) struct Writing(BTreeMap<PathBuf, Instant>);

impl Writing {
    /// Those that were written to a moment ago, before anybody watched: somebody may still be at it.
    pub(super) fn found(directories: &[PathBuf]) -> Self {
        let (now, clock) = (Instant::now(), SystemTime::now());
        let entries = directories.iter().filter_map(|directory| directory.read_dir().ok()).flatten().flatten();
        let recent = entries.filter_map(|entry| {
            let age = clock.duration_since(entry.metadata().ok()?.modified().ok()?).unwrap_or_default();
            Some((entry.path(), now + WHOLE.checked_sub(age)?))
        });
        Self(recent.collect())
    }

    /// It was made: its writer closes it, unless nobody writes.
    pub(super) fn made(&mut self, path: &Path) {
        let is_empty = path.metadata().is_ok_and(|metadata| metadata.len() == 0);
        let patience = if is_empty { GIVEN_UP } else { WHOLE };
        self.0.entry(path.to_owned()).or_insert_with(|| Instant::now() + patience);
    }

    /// Somebody wrote to it.
    pub(super) fn written(&mut self, path: &Path) {
        self.0.insert(path.to_owned(), Instant::now() + GIVEN_UP);
    }

    /// It was closed, replaced or removed.
    pub(super) fn done(&mut self, path: &Path) {
        self.0.remove(path);
    }

    /// When the next one is taken for whole.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.values().min().copied()
    }

    /// Takes those for whole whose time is over; says whether there were any.
    pub(super) fn give_up(&mut self, now: Instant) -> bool {
        let before = self.0.len();
        self.0.retain(|_, until| *until > now);
        self.0.len() < before
    }

    /// All of them.
    pub(super) fn files(&self) -> BTreeSet<PathBuf> {
        self.0.keys().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_just_now_may_not_be_whole() {
        let directory = tempfile::tempdir().unwrap();
        let (new, old) = (directory.path().join("new.wasm"), directory.path().join("old.wasm"));
        std::fs::write(&new, "half of it").unwrap();
        std::fs::write(&old, "all of it").unwrap();
        let then = SystemTime::now() - 2 * WHOLE;
        std::fs::File::options().write(true).open(&old).unwrap().set_modified(then).unwrap();
        let mut writing = Writing::found(&[directory.path().to_owned(), "/nonexistent".into()]);
        assert_eq!(writing.files(), BTreeSet::from([new]));
        assert!(writing.give_up(Instant::now() + WHOLE) && writing.files().is_empty());
    }

    #[test]
    fn a_file_is_being_written_until_it_is_closed_or_nobody_writes_for_long() {
        let mut writing = Writing::default();
        let (slow, linked) = (Path::new("/modes.d/slow.wasm"), Path::new("/modes.d/linked.wasm"));
        writing.made(slow);
        writing.made(linked);
        writing.written(slow);
        assert_eq!(writing.files().len(), 2);
        assert!(!writing.give_up(Instant::now()));
        assert!(writing.give_up(writing.next().unwrap()));
        assert_eq!(writing.files(), BTreeSet::from([slow.to_owned()]));
        writing.done(slow);
        assert!(writing.files().is_empty() && writing.next().is_none());

        // Somebody has made a file and is about to write into it.
        let directory = tempfile::tempdir().unwrap();
        let empty = directory.path().join("empty.wasm");
        std::fs::File::create(&empty).unwrap();
        writing.made(&empty);
        assert!(!writing.give_up(Instant::now() + WHOLE));
        assert!(writing.give_up(Instant::now() + GIVEN_UP));

        // As a file that is cut by its name is told of: nobody had it open.
        writing.written(slow);
        assert!(!writing.give_up(Instant::now() + WHOLE));
        assert!(writing.give_up(Instant::now() + GIVEN_UP) && writing.files().is_empty());
    }
}
