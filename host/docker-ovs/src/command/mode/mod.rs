//! `docker-ovs mode`: what can be done with modules, one file for each command.
//!
//! What needs no running driver is done by `mode-tools`, with the driver's own sandbox and guard.

mod diff;
mod doc;
mod inspect;
mod module;
mod new;
mod pack;
mod test;

use std::process::ExitCode;

use crate::cli::Mode;
use crate::config::Config;
use crate::exit::Failure;

pub(crate) fn run(command: &Mode, config: &Config) -> Result<ExitCode, Failure> {
    match command {
        Mode::Diff(arguments) => diff::run(arguments, config),
        Mode::Doc(arguments) => doc::run(arguments, config),
        Mode::New(arguments) => new::run(arguments),
        Mode::Test(arguments) => test::run(arguments, config),
        Mode::Inspect(arguments) => inspect::run(arguments, config),
        Mode::Pack(arguments) => pack::run(arguments, config),
    }
}
