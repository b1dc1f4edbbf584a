//! A module as people name it: a mode of this host, a file, or the folder of a mode that was built.

use std::io::ErrorKind;
use std::path::Path;

use mode_tools::folder::{Folder, FolderError};
use policy::{Catalog, Checked, Compiler, LoadError, ModeError, Origin, Sandbox, printable, read_module};

use crate::config::Config;
use crate::exit::{Failure, NOT_FOUND, REFUSED, UNAVAILABLE};
use crate::modes;

/// The modes of this host, to find modules among.
pub(super) struct Modules {
    catalog: Catalog,
    limits: policy::Limits,
}

/// A file that is no mode, or that nobody could tell of. The files are printable.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotAMode {
    /// It is not there, or not to be read.
    #[error("{file} cannot be read")]
    Unread {
        file: String,
        #[source]
        cause: std::io::Error,
    },
    /// It could not be tried, and may be one.
    #[error("{file} cannot be tried at the moment")]
    Untried {
        file: String,
        #[source]
        cause: LoadError,
    },
    /// It is none.
    #[error("{file} is not a mode that this driver takes")]
    Unfit {
        file: String,
        #[source]
        cause: LoadError,
    },
}

impl NotAMode {
    /// How a command ends over it.
    pub(super) fn failure(path: &Path, cause: LoadError) -> Failure {
        let file = printable(&path.display().to_string());
        match cause {
            LoadError::Read(cause) => {
                let code = if cause.kind() == ErrorKind::NotFound { NOT_FOUND } else { REFUSED };
                Failure::new(code, Self::Unread { file, cause })
            }
            cause if cause.can_retry() => Failure::new(UNAVAILABLE, Self::Untried { file, cause }),
            cause => Failure::new(REFUSED, Self::Unfit { file, cause }),
        }
    }
}

impl Modules {
    /// Reads the built-in modes, `mode_dir` and the grants, as the driver does; compiles and runs nothing.
    pub(super) fn open(config: &Config) -> Result<Self, Failure> {
        let limits = config.limits.modes.clone();
        let sandbox = Sandbox::new(limits.clone(), Compiler::default()).map_err(anyhow::Error::from)?;
        let (catalog, _) = modes::open(&sandbox, config);
        Ok(Self { catalog, limits })
    }

    /// The module of a mode's name, a file, or a mode's folder; with what this host grants it. A name has neither dots nor
    /// slashes.
    pub(super) fn find(&self, text: &str) -> Result<Checked, Failure> {
        if text.contains(['/', '.']) { self.file(Path::new(text)) } else { Ok(self.named(text)?) }
    }

    /// The module of a mode's name.
    pub(super) fn named(&self, name: &str) -> Result<Checked, ModeError> {
        self.catalog.checked(name)
    }

    /// A file's module goes by the name in its manifest, as `mode add` calls it.
    fn file(&self, path: &Path) -> Result<Checked, Failure> {
        let file = match path.is_dir() {
            true => Folder::of(path).and_then(|folder| folder.module()).map_err(unusable)?,
            false => path.to_owned(),
        };
        let bytes = read_module(&file, &self.limits);
        let checked = bytes.and_then(|bytes| Checked::by_manifest(Origin::Site, bytes.into(), &self.limits));
        let checked = checked.map_err(|cause| NotAMode::failure(&file, cause))?;
        let allowed = self.catalog.allowed(checked.name(), checked.origin(), checked.digest());
        Ok(checked.granted(&allowed))
    }
}

fn unusable(error: FolderError) -> Failure {
    let code = if matches!(error, FolderError::Manifest(..)) { REFUSED } else { NOT_FOUND };
    Failure::new(code, error)
}
