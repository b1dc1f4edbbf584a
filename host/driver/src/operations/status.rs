//! How the driver is.

use std::fs;

use admin::report::{Counts, OpenVswitch, Status};
use plumbing::Dataplane;

use crate::Driver;
use crate::record::{EndpointState, NetworkState};

impl<D: Dataplane> Driver<D> {
    pub(super) async fn describe_status(&self) -> Status {
        Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            instance: self.store.instance().to_string(),
            system_id: None,
            pid: std::process::id(),
            uptime_seconds: self.started.elapsed().as_secs(),
            memory_bytes: resident_memory(),
            log_filter: self.log.filter(),
            default_mode: self.config.default_mode.clone(),
            reconciled_seconds_ago: self.last_reconcile().map(|since| since.as_secs()),
            ovs: self.ovs(),
            counts: self.counts(),
            modes: self.describe_modes().await.modes,
        }
    }

    fn ovs(&self) -> OpenVswitch {
        let health = self.dataplane.health();
        let kernel = health.kernel_datapath.then(|| "system".to_owned());
        OpenVswitch {
            error: (!health.connected).then(|| "no connection: is Open vSwitch running?".to_owned()),
            remote: health.remote,
            connected: health.connected,
            version: health.version,
            datapaths: kernel.into_iter().chain(["netdev".to_owned()]).collect(),
        }
    }

    fn counts(&self) -> Counts {
        let (networks, endpoints) = (self.state.networks(), self.state.endpoints());
        let count = |wanted: fn(&EndpointState) -> bool| {
            endpoints.iter().filter(|endpoint| wanted(&endpoint.state)).count() as u64
        };
        let going = networks.iter().filter(|network| network.state == NetworkState::Removing).count() as u64;
        Counts {
            networks: networks.len() as u64,
            endpoints: endpoints.len() as u64,
            joined: count(|state| *state == EndpointState::Joined),
            broken: count(|state| matches!(state, EndpointState::Broken(_))),
            published_ports: endpoints
                .iter()
                .filter_map(|endpoint| endpoint.published.as_ref())
                .map(|published| published.ports.len() as u64)
                .sum(),
            busy_ports: endpoints.iter().map(|endpoint| self.ports.busy(&endpoint.endpoint.id).len() as u64).sum(),
            alone: networks.iter().filter(|network| self.swarm.leaves_alone(network)).count() as u64,
            to_be_undone: going + count(|state| *state == EndpointState::Removing),
        }
    }
}

/// In bytes; 0 where there is no `/proc`.
fn resident_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let kilobytes = line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1024
}
