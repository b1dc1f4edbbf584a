//! A module as people name it: a mode of this host, a file, or the folder of a mode that was built.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use mode_tools::folder::{Folder, FolderError};
use policy::{Catalog, Checked, Compiler, LoadError, Origin, Sandbox, is_mode_name, printable, read_module};

use crate::config::Config;
use crate::exit::{Failure, NOT_FOUND, REFUSED};
use crate::modes;

/// The modes of this host, to find modules among.
pub(super) struct Modules {
    catalog: Catalog,
    limits: policy::Limits,
}

/// A file that is no mode.
#[derive(Debug, thiserror::Error)]
#[error("{file} is not a mode that this driver takes")]
pub(super) struct NotAMode {
    file: String,
    #[source]
    cause: LoadError,
}

impl NotAMode {
    /// How a command ends over it.
    pub(super) fn failure(path: &Path, cause: LoadError) -> Failure {
        let missing = matches!(&cause, LoadError::Read(error) if error.kind() == ErrorKind::NotFound);
        let file = printable(&path.display().to_string());
        Failure::new(if missing { NOT_FOUND } else { REFUSED }, Self { file, cause })
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
        if text.contains(['/', '.']) { self.file(Path::new(text)) } else { Ok(self.catalog.checked(text)?) }
    }

    fn file(&self, path: &Path) -> Result<Checked, Failure> {
        let checked = match path.is_dir() {
            true => self.built_in_folder(path)?,
            false => self.check(path).map_err(|cause| NotAMode::failure(path, cause))?,
        };
        let allowed = self.catalog.allowed(checked.name(), checked.origin(), checked.digest());
        Ok(checked.granted(&allowed))
    }

    /// The newest module of a folder with a `mode.toml`, under the name in that.
    fn built_in_folder(&self, path: &Path) -> Result<Checked, Failure> {
        let folder = Folder::of(path).map_err(unusable)?;
        let file = folder.module().map_err(unusable)?;
        let bytes = read_module(&file, &self.limits);
        bytes
            .and_then(|bytes| Checked::new(&folder.manifest.name, Origin::Site, bytes.into(), &self.limits))
            .map_err(|cause| NotAMode::failure(&file, cause))
    }

    /// Under the name that it would have in `mode_dir`; where a mode cannot be called so, under its author's.
    fn check(&self, path: &Path) -> Result<Checked, LoadError> {
        let bytes: Arc<[u8]> = read_module(path, &self.limits)?.into();
        let named = |name: &str| Checked::new(name, Origin::Site, Arc::clone(&bytes), &self.limits);
        match path.file_stem().and_then(|stem| stem.to_str()).filter(|name| is_mode_name(name)) {
            Some(name) => named(name),
            None => named(&named("unnamed")?.manifest().name),
        }
    }
}

fn unusable(error: FolderError) -> Failure {
    let code = if matches!(error, FolderError::Manifest(..)) { REFUSED } else { NOT_FOUND };
    Failure::new(code, error)
}
