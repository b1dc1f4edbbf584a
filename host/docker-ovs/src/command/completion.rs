//! `docker-ovs completion`.

use std::process::ExitCode;

use clap::CommandFactory;

use crate::cli::{Cli, Completion};
use crate::exit::Failure;

pub(crate) fn run(arguments: &Completion) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "docker-ovs", &mut script);
    crate::show::bytes(&script)?;
    Ok(ExitCode::SUCCESS)
}
