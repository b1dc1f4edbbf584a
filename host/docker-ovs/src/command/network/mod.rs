//! `docker-ovs network`: what the running driver holds.

mod remove;

use std::process::ExitCode;

use super::{client, wait};
use crate::cli::Network;
use crate::config::Config;
use crate::exit::Failure;
use crate::names::{Names, explained};
use crate::show;

pub(crate) fn run(command: &Network, config: &Config) -> Result<ExitCode, Failure> {
    let (client, names) = (client(config), Names::new());
    match command {
        Network::Ls { json } => {
            let networks = wait(async {
                let mut networks = client.networks().await?;
                names.add_to_list(&mut networks).await;
                Ok(networks)
            })?;
            show::either(*json, &networks, || show::networks(&networks))?;
        }
        Network::Inspect { network, json } => {
            let detail = wait(async {
                let target = names.network(network).await?;
                let asked = client.network(target.selector.clone()).await;
                let mut detail = asked.map_err(|error| explained(error, &target))?;
                names.add_to(&mut detail).await;
                Ok(detail)
            })?;
            show::either(*json, &detail, || show::network(&detail))?;
        }
        Network::Reconcile { network, json } => {
            let done = wait(async {
                let Some(network) = network else { return Ok(client.reconcile(None).await?) };
                let target = names.network(network).await?;
                let asked = client.reconcile(Some(target.selector.clone())).await;
                asked.map_err(|error| explained(error, &target))
            })?;
            show::either(*json, &done, || show::reconciled(&done))?;
        }
        Network::Rm(arguments) => {
            let removed = wait(remove::run(arguments, &client, &names))?;
            show::either(arguments.json, &removed, || show::removed(&removed))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
