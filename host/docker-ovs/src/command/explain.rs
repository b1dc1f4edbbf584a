//! `docker-ovs explain`: why each thing is there.

use std::process::ExitCode;

use admin::Client;

use super::{client, wait};
use crate::cli::Explain;
use crate::config::Config;
use crate::exit::Failure;
use crate::names::{Names, Target, explained};
use crate::show;

pub(crate) fn run(arguments: &Explain, config: &Config) -> Result<ExitCode, Failure> {
    let client = client(config);
    let (network, endpoint) = match arguments.subject.split_once('/') {
        Some((network, endpoint)) => (network, Some(endpoint)),
        None => (&*arguments.subject, None),
    };
    let explanation = wait(async {
        let names = Names::new();
        let network = names.network(network).await?;
        let endpoint = match endpoint {
            Some(endpoint) => Some(names.endpoint(&network, endpoint).await?),
            None => None,
        };
        let selectors = (network.selector.clone(), endpoint.as_ref().map(|endpoint| endpoint.selector.clone()));
        match client.explain(selectors.0, selectors.1).await {
            Ok(explanation) => Ok(explanation),
            Err(error) => Err(explained(error, unknown(&client, &network, endpoint.as_ref()).await)),
        }
    })?;
    show::either(arguments.json, &explanation, || show::explanation(&arguments.subject, &explanation))?;
    Ok(ExitCode::SUCCESS)
}

/// Which of both the driver does not know, if it is one of them.
async fn unknown<'a>(client: &Client, network: &'a Target, endpoint: Option<&'a Target>) -> &'a Target {
    match endpoint {
        Some(endpoint) if client.network(network.selector.clone()).await.is_ok() => endpoint,
        Some(_) | None => network,
    }
}
