//! What the kernel tells of some directories, and of those above them where they are missing.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use futures_util::StreamExt;
use inotify::{Event, EventMask, EventStream, Inotify, WatchDescriptor, WatchMask};

use super::writing::Writing;

/// Bytes of events that are read at once.
const BUFFER: usize = 16 << 10;

/// What an event comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Nothing is to be done, or not yet.
    Nothing,
    /// There may be something new.
    Change,
    /// This view shows too little, or something else: it is to be opened again.
    Lost,
}

/// Directories that are watched.
pub(super) struct View {
    events: EventStream<[u8; BUFFER]>,
    watched: HashMap<WatchDescriptor, Watched>,
}

/// A directory that is watched.
#[derive(Debug, Default)]
struct Watched {
    /// Its path, if its files are what counts.
    directory: Option<PathBuf>,
    /// What is waited for in it: directories that are missing, or that missing ones are below.
    awaited: BTreeSet<OsString>,
}

impl View {
    /// Watches directories, or what is above them.
    pub(super) fn open(directories: &[PathBuf]) -> io::Result<Self> {
        let inotify = Inotify::init()?;
        let mut watched: HashMap<_, Watched> = HashMap::new();
        let mut missing = Vec::new();
        for directory in directories {
            match add(&inotify, directory) {
                Ok(descriptor) => watched.entry(descriptor).or_default().directory = Some(directory.clone()),
                Err(error) if is_missing(&error) => {
                    missing.push(directory);
                    let (descriptor, name) = above(&inotify, directory)?;
                    watched.entry(descriptor).or_default().awaited.insert(name);
                }
                Err(error) => return Err(error),
            }
        }
        let events = inotify.into_event_stream([0; BUFFER])?;
        // One that was made meanwhile was not seen by either watch.
        if missing.iter().any(|directory| directory.is_dir()) {
            return Self::open(directories);
        }
        Ok(Self { events, watched })
    }

    /// The next event, and what it says of files that are being written.
    pub(super) async fn next(&mut self, writing: &mut Writing) -> Heard {
        match self.events.next().await {
            Some(Ok(event)) => self.judge(&event, writing),
            Some(Err(error)) => {
                tracing::debug!(%error, "what happens in the directories of modes is lost");
                Heard::Lost
            }
            None => Heard::Lost,
        }
    }

    fn judge(&self, event: &Event<OsString>, writing: &mut Writing) -> Heard {
        let gone = EventMask::Q_OVERFLOW
            | EventMask::IGNORED
            | EventMask::DELETE_SELF
            | EventMask::MOVE_SELF
            | EventMask::UNMOUNT;
        if event.mask.intersects(gone) {
            return Heard::Lost;
        }
        let Some(watched) = self.watched.get(&event.wd) else { return Heard::Nothing };
        let Some(name) = &event.name else { return Heard::Nothing };
        if watched.awaited.contains(name) {
            return Heard::Lost;
        }
        match &watched.directory {
            // What is hidden is going to be renamed.
            Some(directory) if !name.as_bytes().starts_with(b".") => file(&directory.join(name), event.mask, writing),
            _ => Heard::Nothing,
        }
    }
}

/// What became of a file.
fn file(path: &Path, mask: EventMask, writing: &mut Writing) -> Heard {
    if mask.contains(EventMask::MODIFY) {
        writing.written(path);
        return Heard::Nothing;
    }
    if mask.contains(EventMask::CREATE) && may_be_written(path) {
        writing.made(path);
        return Heard::Nothing;
    }
    writing.done(path);
    Heard::Change
}

/// Whether somebody may just have made a file to write into it: not a link, and not another name of an old file.
fn may_be_written(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_file() && metadata.nlink() == 1)
}

fn add(inotify: &Inotify, directory: &Path) -> io::Result<WatchDescriptor> {
    let mask = WatchMask::CREATE
        | WatchMask::MODIFY
        | WatchMask::CLOSE_WRITE
        | WatchMask::MOVED_TO
        | WatchMask::MOVED_FROM
        | WatchMask::DELETE
        | WatchMask::DELETE_SELF
        | WatchMask::MOVE_SELF
        | WatchMask::ONLYDIR;
    inotify.watches().add(directory, mask)
}

/// Watches the nearest directory above that there is; with the name in it that is missing.
fn above(inotify: &Inotify, directory: &Path) -> io::Result<(WatchDescriptor, OsString)> {
    let mut below = directory;
    while let (Some(ancestor), Some(name)) = (below.parent(), below.file_name()) {
        match add(inotify, ancestor) {
            Ok(descriptor) => return Ok((descriptor, name.to_owned())),
            Err(error) if is_missing(&error) => below = ancestor,
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::from(io::ErrorKind::NotFound))
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
