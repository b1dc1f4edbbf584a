//! Puts the rooms together.

use std::sync::Arc;

use anyhow::Context;
use driver::{Driver, Memory, Modes};
use plumbing::{FirewallConfig, Plumbing};
use policy::{Compiler, Sandbox};

use crate::config::Config;
use crate::exit::{Failure, UNAVAILABLE};
use crate::{log, modes};

/// What the firewall's table is called.
const TABLE: &str = "docker-ovs";

/// The id of this boot (random(4)): links of another one are gone.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// The driver and the plumbing it works with.
pub(super) async fn wire(config: &Config, log: Arc<log::Handle>) -> Result<(Arc<Driver<Plumbing>>, Plumbing), Failure> {
    let settings = driver::Config { default_mode: config.default_mode.clone(), ..driver::Config::default() };
    let boot = std::fs::read_to_string(BOOT_ID).with_context(|| format!("cannot read {BOOT_ID}"))?;
    let memory = Memory::open(&config.state_dir, boot.trim()).map_err(anyhow::Error::from)?;
    let plumbing = plumbing::Config {
        instance: memory.instance().clone(),
        ovsdb: config.ovsdb.clone(),
        tls: config.tls.clone(),
        firewall: FirewallConfig {
            table: TABLE.to_owned(),
            prefix: settings.prefix.clone(),
            instance: memory.instance().clone(),
        },
    };
    let plumbing = Plumbing::start(plumbing).await.map_err(|error| Failure::new(UNAVAILABLE, error))?;
    let sandbox = Sandbox::new(config.limits.modes.clone(), Compiler::default()).map_err(anyhow::Error::from)?;
    let (catalog, notices) = modes::open(&sandbox, config);
    for notice in notices {
        tracing::warn!("{notice}");
    }
    let driver = Driver::new(settings, memory, plumbing.clone(), Modes { sandbox, catalog }, log);
    Ok((driver, plumbing))
}
