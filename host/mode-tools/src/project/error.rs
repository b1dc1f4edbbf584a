//! Why a project cannot be written.

use std::io;
use std::path::{Path, PathBuf};

use policy::MODE_NAME;

/// Why a project cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// No mode can be called so.
    #[error("\"{0}\" cannot name a mode: {MODE_NAME} are wanted")]
    Name(String),
    /// There is something already.
    #[error("{} is not empty: name another directory, or empty it", .0.display())]
    Occupied(PathBuf),
    /// It cannot be written.
    #[error("{} cannot be written", path.display())]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl ProjectError {
    pub(super) fn at(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }
}
