//! `docker-ovs mode doc FILE|NAME`.

use std::process::ExitCode;

use mode_tools::document;

use super::module::Modules;
use crate::cli::mode::Doc;
use crate::config::Config;
use crate::exit::Failure;
use crate::show;

pub(crate) fn run(arguments: &Doc, config: &Config) -> Result<ExitCode, Failure> {
    let module = Modules::open(config)?.find(&arguments.named.module)?;
    show::bytes(document::page(&module).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
