//! Whether files have changed: by when they were written and how long they are.

use std::path::PathBuf;
use std::time::SystemTime;

/// What a file was like; nothing: there was none.
type State = Option<(SystemTime, u64)>;

/// What files were like at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamps(Vec<(PathBuf, State)>);

/// What files are like now.
#[must_use]
pub fn stamps(files: &[PathBuf]) -> Stamps {
    let state = |file: &PathBuf| {
        let metadata = file.metadata().ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    };
    Stamps(files.iter().map(|file| (file.clone(), state(file))).collect())
}
