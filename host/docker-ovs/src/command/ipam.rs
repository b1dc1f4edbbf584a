//! `docker-ovs ipam`: the address pools of the running driver.

use std::process::ExitCode;

use super::{client, wait};
use crate::cli::Ipam;
use crate::config::Config;
use crate::exit::Failure;
use crate::show;

pub(crate) fn run(command: &Ipam, config: &Config) -> Result<ExitCode, Failure> {
    let Ipam::Ls { json } = command;
    let pools = wait(async { Ok(client(config).pools().await?) })?;
    show::either(*json, &pools, || show::pools(&pools))?;
    Ok(ExitCode::SUCCESS)
}
