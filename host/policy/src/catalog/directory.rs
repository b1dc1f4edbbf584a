//! What lies in the directories of a site: modules, and grants.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{GrantFile, GrantFileError, Notice, Site};
use crate::{Limits, LoadError, MODE_NAME, is_mode_name, read_module};

/// A file `NAME.wasm`: its path, its name, and its bytes or why there are none.
pub(super) struct Dropped {
    pub(super) path: PathBuf,
    pub(super) name: String,
    pub(super) bytes: Result<Vec<u8>, LoadError>,
}

/// A file `NAME.toml`: its path, its name, and what it says or why it says nothing.
pub(super) struct DroppedGrants {
    pub(super) path: PathBuf,
    pub(super) name: String,
    pub(super) file: Result<GrantFile, GrantFileError>,
}

/// Reads all modules of a site, in alphabetical order, but for those that are being written. A directory that does not
/// exist is empty; what cannot be read, or cannot be a mode's name, is said.
pub(super) fn modules(site: &Site, limits: &Limits, notices: &mut Vec<Notice>) -> Vec<Dropped> {
    let Some(directory) = &site.mode_dir else { return Vec::new() };
    let files = named(directory, "mode_dir", "wasm", notices).into_iter();
    let finished = files.filter(|(path, _)| !site.unfinished.contains(path));
    let read = finished.map(|(path, name)| Dropped { bytes: read_module(&path, limits), path, name });
    // What went meanwhile was never there.
    read.filter(|dropped| dropped.bytes.is_ok() || dropped.path.symlink_metadata().is_ok()).collect()
}

/// The same for grants.
pub(super) fn grants(site: &Site, notices: &mut Vec<Notice>) -> Vec<DroppedGrants> {
    let Some(directory) = &site.grants_dir else { return Vec::new() };
    let files = named(directory, "grants_dir", "toml", notices).into_iter();
    let finished = files.filter(|(path, _)| !site.unfinished.contains(path));
    let read = |(path, name): (PathBuf, String)| {
        let file = GrantFile::read(&path).transpose()?;
        Some(DroppedGrants { path, name, file })
    };
    finished.filter_map(read).collect()
}

/// The files of a directory that a mode's name and an extension make, with that name, in alphabetical order. The others
/// are said, but for hidden ones: so files are called that somebody is going to rename.
fn named(directory: &Path, key: &str, extension: &str, notices: &mut Vec<Notice>) -> Vec<(PathBuf, String)> {
    let mut paths = match paths(directory) {
        Ok(paths) => paths,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            notices.push(Notice(format!("{key} {}: {error}", directory.display())));
            Vec::new()
        }
    };
    paths.sort();
    let mut named = Vec::new();
    for path in paths {
        if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
            continue;
        }
        if path.extension().is_none_or(|found| found != extension) {
            let what = if extension == "wasm" { "modules" } else { "grants" };
            notices.push(Notice(format!("{}: passed over, {what} are called NAME.{extension}", path.display())));
            continue;
        }
        match path.file_stem().and_then(|stem| stem.to_str()).filter(|name| is_mode_name(name)) {
            Some(name) => {
                let name = name.to_owned();
                named.push((path, name));
            }
            None => notices.push(Notice(format!("{}: passed over, a mode's name is {MODE_NAME}", path.display()))),
        }
    }
    named
}

fn paths(directory: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect()
}
