//! Fuzzing and measuring: the built-in modes, which hold, and small modules that break in one way each.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod broken;
mod costs;
mod holds;
mod module;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    // Modules are compiled by a re-execution of this program.
    if let Some(code) = policy::compile_child() {
        return code;
    }
    let tests = [holds::all(), broken::all(), costs::all()];
    libtest_mimic::run(&Arguments::from_args(), tests.into_iter().flatten().collect()).exit_code()
}

/// A test.
fn test(name: &str, body: fn()) -> Trial {
    Trial::test(name, move || {
        body();
        Ok(())
    })
}
