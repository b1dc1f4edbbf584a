//! Testing as a library: what is said of the built-in modes where fixtures expect something else.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod blessing;
mod coverage;
mod house;

use std::process::ExitCode;

use mode_tools::test::{libtest_of, trial};

fn main() -> ExitCode {
    libtest_of(|| {
        let tests = answers::ALL.iter().chain(blessing::ALL).chain(coverage::ALL);
        let passes = |body: fn()| {
            body();
            Ok(())
        };
        Ok(tests.map(|(name, body)| trial(*name, move || passes(*body))).collect())
    })
}
