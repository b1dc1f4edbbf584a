//! Recording: what modes were asked on a host, and what became of it, as fixtures: what happened in production becomes a
//! test.
//!
//! Nothing here is on the path of Docker's calls: a thread of its own writes, what it cannot keep up with is dropped and
//! counted, and a disk that is full costs records and nothing else. One file a call, each of them a fixture by itself;
//! there are at most [`Recorder::FILES`] of them, and then the oldest go.

mod case;
mod folder;
mod host;

use std::num::NonZeroU64;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use policy::{Planned, Witness};

pub use self::case::fixture;
use self::folder::Folder;
pub use self::folder::RecordError;

/// Calls that wait to be written, at the most.
const WAITING: usize = 256;

/// Writes down every planning call that it is told of.
#[derive(Debug)]
pub struct Recorder {
    /// None only while it is dropped.
    waiting: Option<SyncSender<Box<Planned>>>,
    writer: Option<JoinHandle<()>>,
    left_out: LeftOut,
}

/// Calls that were not kept up with, since the last one that was.
#[derive(Debug, Default)]
struct LeftOut(AtomicU64);

impl LeftOut {
    /// Counts one; says whether it is the first.
    fn count(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) == 0
    }

    /// It is over: says how many there were, if any.
    fn end(&self) {
        if let Some(calls) = self.take() {
            tracing::warn!(calls, "planning calls were left out of the records");
        }
    }

    fn take(&self) -> Option<NonZeroU64> {
        NonZeroU64::new(self.0.swap(0, Ordering::Relaxed))
    }
}

impl Recorder {
    /// Files that are kept.
    pub const FILES: usize = 1000;
    /// Bytes of one file.
    pub const BYTES: usize = 256 << 10;

    /// Starts a recorder in a directory, which is made where there is none.
    ///
    /// # Errors
    ///
    /// Where others than this user could read or change what is in it, or it cannot be used.
    pub fn start(directory: &Path) -> Result<Self, RecordError> {
        let mut folder = Folder::open(directory)?;
        let (waiting, told) = sync_channel(WAITING);
        let thread = thread::Builder::new().name("recorder".into());
        let writer = thread.spawn(move || write(&mut folder, &told)).map_err(RecordError::Thread)?;
        Ok(Self { waiting: Some(waiting), writer: Some(writer), left_out: LeftOut::default() })
    }
}

impl Witness for Recorder {
    fn planned(&self, planned: Planned) {
        let Some(waiting) = &self.waiting else { return };
        match waiting.try_send(Box::new(planned)) {
            Ok(()) => self.left_out.end(),
            // Said once: the calls come too fast, or the disk is too slow, and both stay so for a while.
            Err(TrySendError::Full(_)) if self.left_out.count() => {
                tracing::warn!("planning calls come faster than they can be recorded: some are left out");
            }
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
        }
    }
}

/// What was told is written before the end.
impl Drop for Recorder {
    fn drop(&mut self) {
        drop(self.waiting.take());
        self.left_out.end();
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the recorder panicked: what it had not written is lost");
        }
    }
}

/// Writes until nobody tells any more. What goes wrong is said when it begins, and when it is over.
fn write(folder: &mut Folder, told: &Receiver<Box<Planned>>) {
    let mut failing = false;
    for planned in told {
        let written = folder.write(&case::name(&planned), &case::text(&planned));
        match written {
            Ok(()) if failing => tracing::info!("planning calls are recorded again"),
            Ok(()) => {}
            Err(ref error) if !failing => tracing::error!(%error, "planning calls are not recorded"),
            Err(_) => {}
        }
        failing = written.is_err();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_that_are_left_out_are_counted_from_the_first_to_the_end_of_it() {
        let left_out = LeftOut::default();
        assert_eq!(left_out.take(), None);
        for _ in 0..2 {
            assert!(left_out.count(), "the first is said");
            assert!(!left_out.count());
            assert_eq!(left_out.take(), NonZeroU64::new(2));
        }
    }
}
