//! `docker-ovs ipam`: the address pools of the running driver.

mod release;

use std::process::ExitCode;

use super::{client, wait};
use crate::cli::Ipam;
use crate::config::Config;
use crate::exit::Failure;
use crate::names::Names;
use crate::show;

pub(crate) fn run(command: &Ipam, config: &Config) -> Result<ExitCode, Failure> {
    let client = client(config);
    match command {
        Ipam::Ls { json } => {
            let pools = wait(async { Ok(client.pools().await?) })?;
            show::either(*json, &pools, || show::pools(&pools))?;
        }
        Ipam::Release(arguments) => {
            let released = wait(release::run(arguments, &client, &Names::new(), &config.name()))?;
            show::either(arguments.json, &released, || show::released(&released))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
