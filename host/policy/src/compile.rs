//! Compiling, in a child process with limits.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// The program that compiles: a re-execution of this one, unless a test says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiler {
    /// The program; `main` in it begins with [`compile_child`].
    pub program: PathBuf,
    /// Arguments that come before ours.
    pub arguments: Vec<OsString>,
}

impl Default for Compiler {
    fn default() -> Self {
        Self { program: "/proc/self/exe".into(), arguments: Vec::new() }
    }
}

/// First thing in `main`: if this process was started to compile, does so and says with what to exit.
///
/// ```no_run
/// # use std::process::ExitCode;
/// fn main() -> ExitCode {
///     if let Some(code) = policy::compile_child() {
///         return code;
///     }
///     // ...
///     ExitCode::SUCCESS
/// }
/// ```
#[must_use]
pub fn compile_child() -> Option<ExitCode> {
    todo!()
}
