//! `docker-ovs mode inspect FILE`.

use std::process::ExitCode;

use mode_tools::Inspection;

use crate::cli::mode::Inspect;
use crate::config::Config;
use crate::exit::{Failure, REFUSED};
use crate::show;

pub(crate) fn run(arguments: &Inspect, config: &Config) -> Result<ExitCode, Failure> {
    let inspection =
        Inspection::of_file(&arguments.file, &config.limits.modes).map_err(|error| Failure::new(REFUSED, error))?;
    show::either(arguments.json, &inspection, || inspection.to_string())?;
    Ok(ExitCode::SUCCESS)
}
