//! `docker-ovs explain`: why each thing is there.

use std::process::ExitCode;

use admin::Selector;

use super::{client, wait};
use crate::cli::Explain;
use crate::config::Config;
use crate::exit::{Failure, USAGE};
use crate::show;

pub(crate) fn run(arguments: &Explain, config: &Config) -> Result<ExitCode, Failure> {
    let (network, endpoint) = match arguments.subject.split_once('/') {
        Some((network, endpoint)) => (selector(network)?, Some(selector(endpoint)?)),
        None => (selector(&arguments.subject)?, None),
    };
    let client = client(config);
    let explanation = wait(async { Ok(client.explain(network, endpoint).await?) })?;
    show::either(arguments.json, &explanation, || show::explanation(&explanation))?;
    Ok(ExitCode::SUCCESS)
}

fn selector(text: &str) -> Result<Selector, Failure> {
    text.parse().map_err(|error: admin::BadSelector| Failure::new(USAGE, error))
}
