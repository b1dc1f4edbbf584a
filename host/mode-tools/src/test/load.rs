//! A mode that is to be tested, from its file.

use std::num::NonZero;
use std::path::Path;
use std::thread;

use policy::{Checked, Compiler, Limits, LoadError, Origin, Sandbox, SandboxError, read_module};

use super::Subject;
use crate::folder::{Folder, FolderError};

/// Why there is no mode to test.
#[derive(Debug, thiserror::Error)]
pub enum SubjectError {
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The module was built before its manifest was changed.
    #[error("{module} carries another manifest than {manifest}: build it again")]
    Stale {
        /// The module's file.
        module: String,
        /// The manifest's file.
        manifest: String,
    },
    /// The module's file is not there, or not to be read.
    #[error("{file} cannot be read")]
    Unread {
        /// The file.
        file: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The driver does not take it.
    #[error("{module} is not a mode that this driver takes")]
    Module {
        /// The module's file, or its name.
        module: String,
        /// What is wrong with it.
        #[source]
        source: LoadError,
    },
    /// There is no sandbox.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// There is no runtime to compile in.
    #[error("the module cannot be compiled")]
    Runtime(#[source] std::io::Error),
}

impl Subject {
    /// The newest module of a mode's folder.
    ///
    /// # Errors
    ///
    /// Where there is none, it is older than what its manifest says now, or the driver would not take it.
    pub fn in_folder(folder: &Folder, limits: &Limits, compiler: &Compiler) -> Result<Self, SubjectError> {
        let module = folder.module()?;
        let subject = Self::in_file(&module, limits, compiler)?;
        if *subject.module.manifest() == folder.manifest {
            return Ok(subject);
        }
        let manifest = folder.path.join(crate::folder::MANIFEST);
        Err(SubjectError::Stale { module: module.display().to_string(), manifest: manifest.display().to_string() })
    }

    /// A module's file, under the name in its manifest.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or the driver would not take it.
    pub fn in_file(file: &Path, limits: &Limits, compiler: &Compiler) -> Result<Self, SubjectError> {
        let shown = || file.display().to_string();
        let wrong = |error| match error {
            LoadError::Read(source) => SubjectError::Unread { file: shown(), source },
            source => SubjectError::Module { module: shown(), source },
        };
        let bytes = read_module(file, limits).map_err(wrong)?;
        let checked = Checked::by_manifest(Origin::Site, bytes.into(), limits).map_err(wrong)?;
        Self::load(checked, limits, compiler)
    }

    /// A module that was checked: compiles it and tries whether it starts. It is granted all that it asks for; what a case
    /// grants comes instead of that.
    ///
    /// # Errors
    ///
    /// Where it does not compile, does not fit the contract, or breaks when it starts.
    pub fn load(checked: Checked, limits: &Limits, compiler: &Compiler) -> Result<Self, SubjectError> {
        let module = checked.granted(&plan::Grants::everything());
        // A harness asks on as many threads as there are processors.
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let limits = Limits { calls: limits.calls.max(threads), ..limits.clone() };
        let sandbox = Sandbox::new(limits, compiler.clone())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let loaded = runtime.map_err(SubjectError::Runtime)?.block_on(sandbox.load(module.clone()));
        let wrong = |source| SubjectError::Module { module: module.name().to_owned(), source };
        Ok(Self { mode: loaded.map_err(wrong)?, sandbox, module })
    }
}
