//! `docker-ovs network`: what the running driver holds.

use std::process::ExitCode;

use super::{client, wait};
use crate::cli::Network;
use crate::config::Config;
use crate::exit::Failure;
use crate::show;

pub(crate) fn run(command: &Network, config: &Config) -> Result<ExitCode, Failure> {
    let client = client(config);
    match command {
        Network::Ls { json } => {
            let networks = wait(async { Ok(client.networks().await?) })?;
            show::either(*json, &networks, || show::networks(&networks))?;
        }
        Network::Inspect { network, json } => {
            let detail = wait(async { Ok(client.network(network.clone()).await?) })?;
            show::either(*json, &detail, || show::network(&detail))?;
        }
        Network::Reconcile { network, json } => {
            let done = wait(async { Ok(client.reconcile(network.clone()).await?) })?;
            show::either(*json, &done, || show::reconciled(&done))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
