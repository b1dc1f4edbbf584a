//! The mode that its author works on: that of a project, a file, or a mode of this host.

use std::path::Path;

use mode_tools::folder::Folder;
use mode_tools::test::{Subject, SubjectError};
use policy::Compiler;

use super::module::Modules;
use crate::config::Config;
use crate::exit::{BROKEN, Failure, WRONG};

/// The module that is named, else the one that was built last in the project that a path is, or is in; compiled, and
/// granted all that it asks for.
pub(super) fn find(path: &Path, module: Option<&str>, config: &Config) -> Result<Subject, Failure> {
    let (limits, compiler) = (&config.limits.modes, Compiler::default());
    let subject = match module {
        None => Folder::of(path)
            .map_err(SubjectError::from)
            .and_then(|folder| Subject::in_folder(&folder, limits, &compiler)),
        Some(file) if file.contains(['/', '.']) => Subject::in_file(Path::new(file), limits, &compiler),
        Some(name) => Subject::load(Modules::open(config)?.find(name)?, limits, &compiler),
    };
    subject.map_err(|error| Failure::new(if error.is_modules() { BROKEN } else { WRONG }, error))
}
