//! Puts the rooms together.

use std::sync::Arc;

use anyhow::Context;
use driver::{Addresses, Driver, Memory, Modes};
use mode_tools::record::Recorder;
use ovsdb::Northbound;
use plumbing::{FirewallConfig, Plumbing};
use policy::Witness;

use super::source::Source;
use crate::config::Config;
use crate::exit::{Failure, UNAVAILABLE, USAGE};
use crate::names::SwarmHosts;
use crate::{log, modes};

/// How much of the instance stands in names that another driver on this host must not share.
const TELLING: usize = 4;

/// The id of this boot (random(4)): links of another one are gone.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// The name of this host (proc(5)).
const HOSTNAME: &str = "/proc/sys/kernel/hostname";

/// The driver and the plumbing it works with.
pub(super) async fn wire(
    config: &Config,
    source: Arc<Source>,
    log: Arc<log::Handle>,
) -> Result<(Arc<Driver<Plumbing>>, Plumbing), Failure> {
    let sandbox = modes::sandbox(config).map_err(anyhow::Error::from)?;
    let (catalog, notices) = modes::open(&sandbox, config);
    for notice in notices {
        tracing::warn!("{notice}");
    }
    modes::default_of(&catalog, config).map_err(|missing| Failure::new(USAGE, missing))?;
    let boot = std::fs::read_to_string(BOOT_ID).with_context(|| format!("cannot read {BOOT_ID}"))?;
    let memory = Memory::open(&config.state_dir, boot.trim()).map_err(anyhow::Error::from)?;
    // The firewall knows links by what their names begin with, and closes what it does not know: two drivers on one host,
    // or one that lost its store, must not close each other's.
    let telling = memory.instance().chars().take(TELLING).collect::<String>();
    let defaults = driver::Config::default();
    let prefix = format!("{}{telling}", defaults.prefix);
    let (default_mode, physical) = (config.default_mode.clone(), config.physical.clone());
    let settings = driver::Config { default_mode, prefix, physical, ..defaults };
    let plumbing = plumbing::Config {
        instance: memory.instance().clone(),
        ovsdb: config.ovsdb.clone(),
        northbound: config.ovn_nb.clone(),
        tls: config.tls.clone(),
        firewall: FirewallConfig {
            table: format!("docker-ovs-{telling}"),
            prefix: settings.prefix.clone(),
            instance: memory.instance().clone(),
        },
    };
    let plumbing = Plumbing::start(plumbing).await.map_err(|error| Failure::new(UNAVAILABLE, error))?;
    let modes = Modes { sandbox, catalog, source: Some(source), witness: witness(config) };
    let addresses = addresses(config)?;
    let driver = Driver::new(settings, memory, addresses, plumbing.clone(), modes, Arc::new(SwarmHosts::new()), log);
    Ok((driver, plumbing))
}

/// Where address pools are.
fn addresses(config: &Config) -> Result<Addresses, Failure> {
    let host = std::fs::read_to_string(HOSTNAME).with_context(|| format!("cannot read {HOSTNAME}"))?;
    let mut switch = ovsdb::Options::new(config.ovsdb.iter().cloned());
    switch.tls.clone_from(&config.tls);
    let northbound = Northbound::start(config.ovn_nb.clone(), switch, config.tls.clone());
    let northbound = northbound.map_err(|error| Failure::new(USAGE, error))?;
    Ok(Addresses { host: host.trim().to_owned(), northbound: Some(northbound) })
}

/// What writes planning calls down, if that is wanted. Containers do not wait for a directory to be mended: without it
/// the driver runs all the same.
fn witness(config: &Config) -> Option<Arc<dyn Witness>> {
    let directory = config.record_plans.as_deref()?;
    match Recorder::start(directory) {
        Ok(recorder) => {
            tracing::info!(directory = %directory.display(), "planning calls are recorded");
            Some(Arc::new(recorder))
        }
        Err(error) => {
            let error = anyhow::Error::from(error);
            tracing::error!("planning calls are not recorded (record_plans): {error:#}");
            None
        }
    }
}
