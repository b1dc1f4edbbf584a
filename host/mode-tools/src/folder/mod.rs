//! The folder of a mode: its manifest, its module wherever the language's tools put it, and its fixtures.

mod module;
mod stamp;

use std::io;
use std::path::{Path, PathBuf};

use policy::{Manifest, ManifestError};

pub use stamp::{Stamps, stamps};

/// The manifest's file.
pub const MANIFEST: &str = "mode.toml";
/// The folder of fixtures.
pub const FIXTURES: &str = "tests";

/// A folder with a `mode.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The folder.
    pub path: PathBuf,
    /// What its `mode.toml` says.
    pub manifest: Manifest,
}

/// Why a folder is not that of a mode, or has no module or fixtures.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Neither here nor above.
    #[error("{} is not in the folder of a mode: there is no {MANIFEST} in it or above", .0.display())]
    NoManifest(PathBuf),
    /// The manifest is wrong.
    #[error("{}", .0.display())]
    Manifest(PathBuf, #[source] ManifestError),
    /// The module was not built, or lies where nobody looks.
    #[error(
        "{} has no module: build it first, or name its file (looked for {mode}.wasm in it, in build and in dist, and for what \
         cargo leaves in {} there and above)",
        .folder.display(),
        module::CARGO
    )]
    NoModule {
        /// The folder.
        folder: PathBuf,
        /// The mode.
        mode: String,
    },
    /// There is nothing to test.
    #[error("{}: there are no fixtures (*.toml) in it", .0.display())]
    NoFixtures(PathBuf),
    /// The system says no.
    #[error("{}", .0.display())]
    Read(PathBuf, #[source] io::Error),
}

impl Folder {
    /// The folder of a mode that a path is, or is in.
    ///
    /// # Errors
    ///
    /// Where there is none, or its manifest is wrong.
    pub fn of(path: &Path) -> Result<Self, FolderError> {
        let read = |error| FolderError::Read(path.to_owned(), error);
        let start = path.canonicalize().map_err(read)?;
        let found = start.ancestors().find(|folder| folder.join(MANIFEST).is_file());
        let found = found.ok_or_else(|| FolderError::NoManifest(path.to_owned()))?;
        // As it was named, where it can be: that is what people are shown.
        let shown = if found == start { path } else { found };
        Self::read(shown)
    }

    /// A folder that has a `mode.toml`.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or is wrong.
    pub fn read(path: &Path) -> Result<Self, FolderError> {
        let file = path.join(MANIFEST);
        let text = std::fs::read(&file).map_err(|error| FolderError::Read(file.clone(), error))?;
        let manifest = Manifest::parse(&text).map_err(|error| FolderError::Manifest(file, error))?;
        Ok(Self { path: path.to_owned(), manifest })
    }

    /// The module: the newest of the files that its build may have left.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn module(&self) -> Result<PathBuf, FolderError> {
        let places = module::places(&self.path, &self.manifest.name);
        module::newest(&places)
            .ok_or_else(|| FolderError::NoModule { folder: self.path.clone(), mode: self.manifest.name.clone() })
    }
}

/// The fixtures that a path means, in alphabetical order: a file itself, a folder's own, or those in its `tests`.
///
/// # Errors
///
/// Where there are none.
pub fn fixtures(path: &Path) -> Result<Vec<PathBuf>, FolderError> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    // What else lies beside a manifest is the language's: Cargo.toml, rust-toolchain.toml.
    let is_project = path.join(MANIFEST).is_file() || path.join(FIXTURES).is_dir();
    let folder = if is_project { path.join(FIXTURES) } else { path.to_owned() };
    let read = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => FolderError::NoFixtures(folder.clone()),
        _ => FolderError::Read(folder.clone(), error),
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(read)? {
        let file = entry.map_err(read)?.path();
        if file.extension().is_some_and(|extension| extension == "toml") && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() { Err(FolderError::NoFixtures(folder)) } else { Ok(files) }
}
