//! The child that compiles modules, for the tests of this crate: the driver re-executes itself instead.

use std::process::ExitCode;

fn main() -> ExitCode {
    policy::compile_child().unwrap_or(ExitCode::FAILURE)
}
