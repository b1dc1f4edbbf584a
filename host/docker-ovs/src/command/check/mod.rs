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
    let mut findings = open_vswitch::look(config, kernel).await;
    findings.push(datapath);
    findings.extend(tunnels::look(config).await);
    findings.extend(ovn::look(config).await);
    findings.extend(firewall::look().await);
    findings.extend(strangers::look().await);
    findings.extend(forwarding::look());
    findings.extend(docker::look(config).await);
    findings.extend(modes::look(config).await);
    findings.extend(driver::look(config).await);
    findings.extend(forgotten::look(config).await);
    findings.extend(others::look(config).await);
    findings
}
