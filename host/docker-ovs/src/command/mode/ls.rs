//! `docker-ovs mode ls`.

use std::process::ExitCode;

use super::known::Known;
use crate::cli::mode::Ls;
use crate::command::wait;
use crate::config::Config;
use crate::exit::Failure;
use crate::names::Names;
use crate::show;

pub(crate) fn run(arguments: &Ls, config: &Config) -> Result<ExitCode, Failure> {
    let known = wait(Known::all(config, &Names::new()))?;
    show::either(arguments.json, &known, || show::modes(&known.modes, known.driver))?;
    Ok(ExitCode::SUCCESS)
}
