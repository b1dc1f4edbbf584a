//! `docker-ovs mode inspect FILE|NAME`.

use std::process::ExitCode;

use mode_tools::Inspection;

use super::module::Modules;
use crate::cli::mode::Inspect;
use crate::config::Config;
use crate::exit::Failure;
use crate::show;

pub(crate) fn run(arguments: &Inspect, config: &Config) -> Result<ExitCode, Failure> {
    let module = Modules::open(config)?.find(&arguments.named.module)?;
    let inspection = Inspection::of(&module, &config.limits.modes);
    show::either(arguments.json, &inspection, || show::inspection(&inspection))?;
    Ok(ExitCode::SUCCESS)
}
