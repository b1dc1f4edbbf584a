//! `docker-ovs mode diff A B`.

use std::process::ExitCode;

use mode_tools::Difference;

use super::module::Modules;
use crate::cli::mode::Diff;
use crate::config::Config;
use crate::exit::{DIFFERENT, Failure};
use crate::show;

pub(crate) fn run(arguments: &Diff, config: &Config) -> Result<ExitCode, Failure> {
    let modules = Modules::open(config)?;
    let difference = Difference::between(&modules.find(&arguments.old)?, &modules.find(&arguments.new)?);
    show::either(arguments.json, &difference, || show::difference(&difference))?;
    Ok(if difference.same { ExitCode::SUCCESS } else { ExitCode::from(DIFFERENT) })
}
