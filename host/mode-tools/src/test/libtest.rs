//! Fixtures as tests of `cargo test`: one for each case.
//!
//! ```no_run
//! // tests/fixtures.rs, with `harness = false` in its [[test]] section
//! fn main() -> std::process::ExitCode {
//!     mode_tools::test::libtest(&[("lab".into(), env!("CARGO_MANIFEST_DIR").into())])
//! }
//! ```

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use policy::{Compiler, Limits, compile_child};

use super::{Status, Subject, Suite};
use crate::folder::{Folder, fixtures};

/// Runs the fixtures of modes' folders as libtest would: `main` of a test without a harness. Each mode has a name that its
/// tests begin with, and its folder, in which the newest module is taken.
#[must_use]
pub fn libtest(modes: &[(String, PathBuf)]) -> ExitCode {
    libtest_of(|| {
        let mut trials = Vec::new();
        for (name, path) in modes {
            let folder = Folder::of(path).map_err(|error| error.to_string())?;
            let subject = Subject::in_folder(&folder, &Limits::default(), &Compiler::default());
            let subject = subject.map_err(|error| error.to_string())?;
            trials.extend(self::trials(name, &path.join(crate::folder::FIXTURES), subject)?);
        }
        Ok(trials)
    })
}

/// Runs tests as libtest would; `main` of a test without a harness. The process may be the child that compiles: then that
/// is all it does.
#[must_use]
pub fn libtest_of(trials: impl FnOnce() -> Result<Vec<Trial>, String>) -> ExitCode {
    if let Some(code) = compile_child() {
        return code;
    }
    match trials() {
        Ok(trials) => libtest_mimic::run(&Arguments::from_args(), trials).exit_code(),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// A test that fails with what it returns.
pub fn trial(name: impl Into<String>, run: impl FnOnce() -> Result<(), String> + Send + 'static) -> Trial {
    Trial::test(name, move || run().map_err(Failed::from))
}

/// One test for each case and matrix of a folder's fixtures.
///
/// # Errors
///
/// All that is wrong with them.
pub fn trials(mode: &str, path: &std::path::Path, subject: Subject) -> Result<Vec<Trial>, String> {
    let files = fixtures(path).map_err(|error| error.to_string())?;
    let suite = Suite::load(&files).map_err(|error| error.to_string())?;
    let subject = Arc::new(subject);
    let trial = |single: Suite| {
        let (file, group) = single.files.first().and_then(|(file, groups)| Some((file, groups.first()?)))?;
        let file = file.file_stem().unwrap_or_default().display().to_string();
        let (name, subject) = (format!("{mode}/{file}: {}", group.name), Arc::clone(&subject));
        Some(Trial::test(name, move || one(&single, &subject)))
    };
    Ok(suite.singles().into_iter().filter_map(trial).collect())
}

fn one(suite: &Suite, subject: &Subject) -> Result<(), Failed> {
    let report = suite.run(subject)?;
    if report.status == Status::Passed { Ok(()) } else { Err(report.to_string().into()) }
}
