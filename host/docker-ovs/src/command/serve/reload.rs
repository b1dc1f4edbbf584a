//! SIGHUP: the configuration is read again. The log filter, the directories of modes and grants, and the grants are taken
//! over; what changed besides, and needs a restart, is named.

use std::sync::Arc;

use driver::{Driver, LogControl};
use plumbing::Plumbing;

use super::source::Source;
use crate::config::{Config, Sources};
use crate::log;

/// What is needed to read the configuration again.
pub(super) struct Reload {
    sources: Sources,
    config: Config,
    log: Arc<log::Handle>,
    source: Arc<Source>,
    driver: Arc<Driver<Plumbing>>,
}

impl Reload {
    pub(super) fn new(
        sources: Sources,
        config: Config,
        log: Arc<log::Handle>,
        source: Arc<Source>,
        driver: Arc<Driver<Plumbing>>,
    ) -> Self {
        Self { sources, config, log, source, driver }
    }

    /// Reads it, and takes over what can be. A bad configuration changes nothing.
    pub(super) async fn run(&mut self) {
        let new = match Config::load(&self.sources) {
            Ok(new) => new,
            Err(problems) => return tracing::error!("the configuration is not taken over: {problems}"),
        };
        if let Err(error) = self.log.set(&new.log.filter) {
            tracing::error!(error, "the log filter is not taken over");
        }
        self.source.configure(&new);
        self.driver.reload_modes().await;
        for key in needs_restart(&self.config, &new) {
            tracing::warn!(key, "changed in the configuration: restart the driver to take it over");
        }
        self.config.log.filter = new.log.filter;
        self.config.mode_dir = new.mode_dir;
        self.config.grants_dir = new.grants_dir;
        self.config.grants = new.grants;
        tracing::info!("configuration read again");
    }
}

/// The keys that changed and are only read at start.
fn needs_restart(old: &Config, new: &Config) -> Vec<&'static str> {
    let changed = [
        ("default_mode", old.default_mode != new.default_mode),
        ("socket", old.socket != new.socket),
        ("admin_socket", old.admin_socket != new.admin_socket),
        ("state_dir", old.state_dir != new.state_dir),
        ("cache_dir", old.cache_dir != new.cache_dir),
        ("record_plans", old.record_plans != new.record_plans),
        ("ovsdb", old.ovsdb != new.ovsdb),
        ("ovn_nb", old.ovn_nb != new.ovn_nb),
        ("ovn.external", old.physical != new.physical),
        ("tls", old.tls != new.tls),
        ("limits", old.limits != new.limits),
        ("log.format", old.log.format != new.log.format),
    ];
    changed.into_iter().filter(|(_, changed)| *changed).map(|(key, _)| key).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use driver::PhysicalNetwork;
    use policy::GrantSection;

    use super::*;

    fn physical() -> PhysicalNetwork {
        let (addresses, next_hop) = (vec!["203.0.113.10/24".parse().unwrap()], vec!["203.0.113.1".parse().unwrap()]);
        PhysicalNetwork { physnet: "wan".to_owned(), vlan: None, addresses, next_hop, chassis: Vec::new() }
    }

    #[test]
    fn what_needs_a_restart_is_named() {
        let old = Config::default();
        let mut new = Config::default();
        assert!(needs_restart(&old, &new).is_empty());
        new.log.filter = "debug".into();
        new.mode_dir = "/modes".into();
        new.grants_dir = "/grants".into();
        new.grants = BTreeMap::from([("nat".to_owned(), GrantSection::default())]);
        assert!(needs_restart(&old, &new).is_empty(), "they are taken over");
        new.default_mode = "flat".into();
        new.limits.call *= 2;
        new.physical.insert("wan".to_owned(), physical());
        assert_eq!(needs_restart(&old, &new), ["default_mode", "ovn.external", "limits"]);
    }
}
