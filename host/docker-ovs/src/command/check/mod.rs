//! `docker-ovs check`: is this host fit, and what to do about what is not. Looks, and changes nothing.
//!
//! One file a subject; each looks, and then judges what it saw in a function of its own, which the tests call.

mod datapath;
mod docker;
mod driver;
mod finding;
mod firewall;
mod forgotten;
mod forwarding;
mod modes;
mod open_vswitch;
mod others;
mod ovn;
mod strangers;
mod tool;
mod tunnels;

use std::process::ExitCode;

use self::finding::{Finding, State};
use super::wait;
use crate::cli::Check;
use crate::config::Config;
use crate::exit::{Failure, UNFIT};
use crate::show;

pub(crate) fn run(arguments: &Check, config: &Config) -> Result<ExitCode, Failure> {
    let findings = wait(async { Ok(look(config).await) })?;
    show::either(arguments.json, &findings, || findings.iter().map(ToString::to_string).collect())?;
    let unfit = findings.iter().any(|finding| finding.state == State::Bad);
    Ok(if unfit { ExitCode::from(UNFIT) } else { ExitCode::SUCCESS })
}

async fn look(config: &Config) -> Vec<Finding> {
    // Who is not root cannot see most of it, and is told so rather than that it is not there.
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if !root {
        return vec![
            Finding::bad("permissions", "this is not root, who alone may look").advise("sudo docker-ovs check"),
        ];
    }
    let (datapath, kernel) = datapath::look().await;
    // All at once: what does not answer, an Open vSwitch that is not there, several of them wait for.
    let (switch, tunnels, ovn, firewall, strangers, docker, driver, forgotten, others) = tokio::join!(
        open_vswitch::look(config, kernel),
        tunnels::look(config),
        ovn::look(config),
        firewall::look(),
        strangers::look(),
        docker::look(config),
        driver::look(config),
        forgotten::look(config),
        others::look(config),
    );
    // That may take the processors, which databases that have so long to answer need.
    let modes = modes::look(config).await;
    let host = [switch, vec![datapath], tunnels, ovn, firewall, strangers, forwarding::look()];
    let programs = [docker, modes, driver, forgotten, others];
    host.into_iter().chain(programs).flatten().collect()
}
