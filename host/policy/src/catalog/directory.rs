//! What lies in `mode_dir`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Notice;
use crate::{Limits, LoadError, MODE_NAME, is_mode_name, read_module};

/// A file `NAME.wasm`: its path, its name, and its bytes or why there are none.
pub(super) struct Dropped {
    pub(super) path: PathBuf,
    pub(super) name: String,
    pub(super) bytes: Result<Vec<u8>, LoadError>,
}

/// Reads all modules of a directory, in alphabetical order. A directory that does not exist is empty; what cannot be
/// read, or cannot be a mode's name, is said.
pub(super) fn read(directory: &Path, limits: &Limits, notices: &mut Vec<Notice>) -> Vec<Dropped> {
    let mut paths = match paths(directory) {
        Ok(paths) => paths,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            notices.push(Notice(format!("mode_dir {}: {error}", directory.display())));
            Vec::new()
        }
    };
    paths.sort();
    let mut dropped = Vec::new();
    for path in paths {
        if path.extension().is_none_or(|extension| extension != "wasm") {
            notices.push(Notice(format!("{}: passed over, modules are called NAME.wasm", path.display())));
            continue;
        }
        match path.file_stem().and_then(|stem| stem.to_str()).filter(|name| is_mode_name(name)) {
            Some(name) => {
                let (name, bytes) = (name.to_owned(), read_module(&path, limits));
                dropped.push(Dropped { path, name, bytes });
            }
            None => notices.push(Notice(format!("{}: passed over, a mode's name is {MODE_NAME}", path.display()))),
        }
    }
    dropped
}

fn paths(directory: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect()
}
