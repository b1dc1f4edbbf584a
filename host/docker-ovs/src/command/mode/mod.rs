//! `docker-ovs mode`: what can be done with modules, one file for each command.
//!
//! What needs no running driver is done by `mode-tools`, with the driver's own sandbox and guard.

mod add;
mod alone;
mod bench;
mod diff;
mod doc;
mod fuzz;
mod grants;
mod inspect;
mod install;
mod known;
mod ls;
mod module;
mod new;
mod pack;
mod rm;
mod subject;
mod test;
mod upgrade;

use std::process::ExitCode;

pub(crate) use self::add::Added;
pub(crate) use self::rm::RemovedMode;
use crate::cli::Mode;
use crate::config::Config;
use crate::exit::Failure;

pub(crate) fn run(command: &Mode, config: &Config) -> Result<ExitCode, Failure> {
    match command {
        Mode::Ls(arguments) => ls::run(arguments, config),
        Mode::Add(arguments) => add::run(arguments, config),
        Mode::Rm(arguments) => rm::run(arguments, config),
        Mode::Upgrade(arguments) => upgrade::run(arguments, config),
        Mode::Diff(arguments) => diff::run(arguments, config),
        Mode::Doc(arguments) => doc::run(arguments, config),
        Mode::New(arguments) => new::run(arguments),
        Mode::Test(arguments) => test::run(arguments, config),
        Mode::Fuzz(arguments) => fuzz::run(arguments, config),
        Mode::Bench(arguments) => bench::run(arguments, config),
        Mode::Inspect(arguments) => inspect::run(arguments, config),
        Mode::Pack(arguments) => pack::run(arguments, config),
    }
}
