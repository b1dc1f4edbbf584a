//! `docker-ovs ovn`: what drivers have in OVN's northbound database, as the running one sees it.

use std::process::ExitCode;

use admin::Reclaiming;

use super::{client, wait};
use crate::cli::Ovn;
use crate::config::Config;
use crate::exit::Failure;
use crate::show;

pub(crate) fn run(command: &Ovn, config: &Config) -> Result<ExitCode, Failure> {
    let client = client(config);
    match command {
        Ovn::Ls { json } => {
            let holdings = wait(async { Ok(client.holdings().await?) })?;
            show::either(*json, &holdings, || show::holdings(&holdings))?;
        }
        Ovn::Reclaim(arguments) => {
            let reclaiming = Reclaiming { host: arguments.host.clone(), only_look: arguments.dry_run };
            let reclaimed = wait(async { Ok(client.reclaim(reclaiming).await?) })?;
            let done = if arguments.dry_run { "would let go of" } else { "let go of" };
            show::either(arguments.json, &reclaimed, || show::reclaimed(&reclaimed, done))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
