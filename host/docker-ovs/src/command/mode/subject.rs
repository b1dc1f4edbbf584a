//! The mode that its author works on: that of a project, a file, or a mode of this host.

use std::path::Path;

use mode_tools::folder::Folder;
use mode_tools::test::{Subject, SubjectError};
use policy::{Compiler, LoadError, ModeError};

use super::module::Modules;
use crate::config::Config;
use crate::exit::{BROKEN, Failure, UNAVAILABLE, WRONG};

/// The module that is named, else the one that was built last in the project that a path is, or is in; compiled, and
/// granted all that it asks for.
pub(super) fn find(path: &Path, module: Option<&str>, config: &Config) -> Result<Subject, Failure> {
    let (limits, compiler) = (&config.limits.modes, Compiler::default());
    let subject = match module {
        None => Folder::of(path)
            .map_err(SubjectError::from)
            .and_then(|folder| Subject::in_folder(&folder, limits, &compiler)),
        Some(file) if file.contains(['/', '.']) => Subject::in_file(Path::new(file), limits, &compiler),
        Some(name) => {
            let module = Modules::open(config)?.named(name).map_err(|error| Failure::new(unknown(&error), error))?;
            Subject::load(module, limits, &compiler)
        }
    };
    subject.map_err(|error| Failure::new(code(&error), error))
}

/// How `test`, `fuzz` and `bench` end without a mode to ask: what the author said is wrong, or the module is.
fn code(error: &SubjectError) -> u8 {
    match error {
        SubjectError::Module { source, .. } => unfit(source),
        SubjectError::Folder(_) | SubjectError::Stale { .. } | SubjectError::Unread { .. } => WRONG,
        SubjectError::Sandbox(_) | SubjectError::Runtime(_) => UNAVAILABLE,
    }
}

/// The same of a mode that is named.
fn unknown(error: &ModeError) -> u8 {
    match error {
        ModeError::Unknown { .. } | ModeError::Gone(_) => WRONG,
        ModeError::Unusable { cause, .. } => unfit(cause),
    }
}

fn unfit(cause: &LoadError) -> u8 {
    match cause {
        LoadError::Manifest(_) | LoadError::Read(_) => WRONG,
        cause if cause.can_retry() => UNAVAILABLE,
        _ => BROKEN,
    }
}
