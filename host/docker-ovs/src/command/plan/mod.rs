//! `docker-ovs plan`: ask a mode, judge its plan, show it, touch nothing.
//!
//! The same sandbox, option types and guard as in the driver; only the host is made up. What a mode refuses here, it
//! refuses there.

mod argument;
mod dry_run;
mod part;
mod question;

use std::process::ExitCode;

use policy::{Compiler, Loaded, Sandbox};

pub(crate) use self::argument::Assignment;
use self::dry_run::DryRun;
use super::wait;
use crate::cli::Plan;
use crate::config::Config;
use crate::exit::Failure;
use crate::{modes, show};

pub(crate) fn run(arguments: &Plan, config: &Config) -> Result<ExitCode, Failure> {
    let sandbox = Sandbox::new(config.limits.modes.clone(), Compiler::default()).map_err(anyhow::Error::from)?;
    let (catalog, notices) = modes::open(&sandbox, config);
    let raw = question::raw(&arguments.options)?;
    let name = question::mode(arguments, &raw)?.unwrap_or_else(|| config.default_mode.clone());
    for notice in notices.iter().filter(|notice| notice.0.contains(&name)) {
        eprintln!("docker-ovs: {notice}");
    }
    let dry_run = wait(async {
        let mode: Loaded = catalog.by_name(&name).await?;
        let owner = |key: &str, scope| catalog.owner_of(key, scope, mode.name());
        DryRun::run(&sandbox, &mode, arguments, &raw, &owner).await
    })?;
    show::either(arguments.json, &dry_run, || dry_run.to_string())?;
    Ok(ExitCode::SUCCESS)
}
