//! The fixtures of the built-in modes, against the bytes that are embedded in the driver: a test for each case, and one for
//! what of the contract they exercise.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use builtin_modes::builtin;
use mode_tools::folder::fixtures;
use mode_tools::test::{Subject, Suite, libtest_of, trial, trials};
use policy::{Checked, Compiler, Limits, Origin};

fn main() -> ExitCode {
    libtest_of(|| {
        let mut all = Vec::new();
        for (name, wasm) in builtin() {
            let subject = subject(name, wasm)?;
            all.extend(trials(name, &folder(name), subject.clone())?);
            let everything = move || everything_is_exercised(name, &subject);
            all.push(trial(format!("{name}: all of the contract is exercised"), everything));
        }
        Ok(all)
    })
}

fn folder(mode: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../{mode}.wasm-src/tests"))
}

fn subject(mode: &str, wasm: &[u8]) -> Result<Subject, String> {
    let limits = Limits::default();
    let module = Checked::new(mode, Origin::BuiltIn, wasm.into(), &limits).map_err(|error| error.to_string())?;
    Subject::load(module, &limits, &Compiler::default()).map_err(|error| error.to_string())
}

/// What a mode's fixtures never met is what its next change breaks unseen.
fn everything_is_exercised(mode: &str, subject: &Subject) -> Result<(), String> {
    let files = fixtures(&folder(mode)).map_err(|error| error.to_string())?;
    let suite = Suite::load(&files).map_err(|error| error.to_string())?;
    let report = suite.run(subject).map_err(|error| error.to_string())?;
    match &report.coverage {
        Some(coverage) if coverage.percent == 100 && coverage.unlisted.is_empty() => Ok(()),
        coverage => Err(format!("{coverage:?}")),
    }
}
