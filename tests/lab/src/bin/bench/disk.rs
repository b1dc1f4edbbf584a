//! What a durable write takes on the disk that the driver's store is on.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::Duration;

use crate::samples::timed;

const PAGE: usize = 4096;
/// How many pages the file has, which are written one after the other, again and again.
const PAGES: u64 = 64;

/// A file beside the driver's store.
#[derive(Debug)]
pub(crate) struct Disk {
    file: File,
    next: u64,
}

impl Disk {
    /// Makes the file, all of it, so that a write changes nothing but its page.
    pub(crate) fn beside(store: &Path) -> Self {
        let file = File::create(store.join("lab-bench")).expect("a file can be made beside the store");
        file.write_all_at(&vec![1; PAGE * PAGES as usize], 0).expect("there is room");
        file.sync_all().expect("the disk takes it");
        Self { file, next: 0 }
    }

    /// Writes a page and waits until it is on the disk.
    pub(crate) fn write(&mut self) -> Duration {
        self.next = (self.next + 1) % PAGES;
        let (page, at) = ([self.next as u8; PAGE], self.next * PAGE as u64);
        let (taken, written) = timed(|| self.file.write_all_at(&page, at).and_then(|()| self.file.sync_data()));
        written.expect("the disk takes it");
        taken
    }
}
