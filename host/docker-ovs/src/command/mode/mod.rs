//! `docker-ovs mode`: what can be done with modules, one file for each command.
//!
//! What needs no running driver is done by `mode-tools`, with the driver's own sandbox and guard.

mod inspect;
mod module;
mod pack;

use std::process::ExitCode;

use crate::cli::Mode;
use crate::config::Config;
use crate::exit::Failure;

pub(crate) fn run(command: &Mode, config: &Config) -> Result<ExitCode, Failure> {
    match command {
        Mode::Inspect(arguments) => inspect::run(arguments, config),
        Mode::Pack(arguments) => pack::run(arguments, config),
    }
}
