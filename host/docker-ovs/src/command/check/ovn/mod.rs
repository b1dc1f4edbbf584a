//! OVN, where this host is part of it: its northbound database, its integration bridge, the way of its tunnels and the
//! physical networks that routers leave by.

mod northbound;

use std::collections::BTreeMap;
use std::time::Duration;

use ovsdb::{Client, MonitorSpec, Options, Snapshot, TableSpec};
use plumbing::link::Links;
use plumbing::{TunnelEnd, TunnelEndError, tunnel_end};

use super::finding::Finding;
use crate::config::Config;

const SUBJECT: &str = "ovn";
/// How long a database may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    // That Open vSwitch does not answer is said elsewhere.
    let Some(copy) = open_vswitch(config).await else { return Vec::new() };
    let seen = Seen::of(&copy, end_of(&copy).await);
    let found = match config.ovn_nb.find_in(config.tls.as_ref(), Some(&copy)) {
        Ok(found) => found,
        Err(error) => {
            let what = format!("external_ids:ovn-nb of Open vSwitch's database names no database: {error}");
            return vec![Finding::bad(SUBJECT, what).advise(NAME_IT)];
        }
    };
    if found.is_none() && !seen.is_chassis() {
        return Vec::new();
    }
    let mut findings = vec![northbound::look(found).await];
    findings.extend(seen.judge(config.physical.iter().map(|(name, network)| (name.as_str(), &*network.physnet))));
    findings
}

const NAME_IT: &str = "ovs-vsctl set Open_vSwitch . external_ids:ovn-nb=tcp:HOST:6641, or ovn_nb in the configuration";

async fn open_vswitch(config: &Config) -> Option<Snapshot> {
    let mut options = Options::new(config.ovsdb.iter().cloned());
    options.tls = config.tls.clone();
    let spec = MonitorSpec::database("Open_vSwitch")
        .table(TableSpec::new("Open_vSwitch").columns(["external_ids"]))
        .table(TableSpec::new("SSL").columns(["private_key", "certificate", "ca_cert"]))
        .table(TableSpec::new("Bridge").columns(["name", "ports", "datapath_type"]).index("name"))
        .table(TableSpec::new("Port").columns(["interfaces"]))
        .table(TableSpec::new("Interface").columns(["name", "type"]).index("name"));
    let client = Client::start(options, spec).ok()?;
    client.wait_connected(PATIENCE).await.ok()?;
    Some(client.snapshot())
}

/// This host's end of tunnels.
async fn end_of(copy: &Snapshot) -> Result<TunnelEnd, TunnelEndError> {
    tunnel_end(copy, &Links::open()?).await
}

fn id(copy: &Snapshot, key: &str) -> Option<String> {
    copy.rows("Open_vSwitch").next()?.entry("external_ids", key).map(str::to_owned)
}

/// What Open vSwitch's database says of OVN.
#[derive(Debug)]
struct Seen {
    /// Where ovn-controller finds the southbound database.
    southbound: Option<String>,
    /// The integration bridge, and its datapath if it is there.
    bridge: (String, Option<String>),
    /// This host's end of tunnels.
    end: Result<TunnelEnd, TunnelEndError>,
    /// The physical networks that this host reaches, with their bridges, and whether those are there.
    mappings: BTreeMap<String, (String, bool)>,
}

impl Seen {
    fn of(copy: &Snapshot, end: Result<TunnelEnd, TunnelEndError>) -> Self {
        let bridge = |name: &str| copy.find("Bridge", "name", name);
        let integration = id(copy, "ovn-bridge").unwrap_or_else(|| "br-int".to_owned());
        let datapath = bridge(&integration).map(|row| row.get("datapath_type").unwrap_or_default());
        let mappings = id(copy, "ovn-bridge-mappings").unwrap_or_default();
        let mappings = mappings.split(',').filter_map(|pair| pair.trim().split_once(':'));
        Self {
            southbound: id(copy, "ovn-remote"),
            bridge: (integration, datapath),
            end,
            mappings: mappings
                .map(|(network, name)| (network.to_owned(), (name.to_owned(), bridge(name).is_some())))
                .collect(),
        }
    }

    /// Whether this host was set up to be part of OVN.
    fn is_chassis(&self) -> bool {
        self.southbound.is_some() || self.bridge.1.is_some()
    }

    /// `external`: the configured ways out, with their physical networks.
    fn judge<'a>(&self, external: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Finding> {
        let mut findings = vec![self.controller(), self.tunnels()];
        findings.extend(external.filter_map(|(name, network)| self.way_out(name, network)));
        findings
    }

    fn controller(&self) -> Finding {
        let (bridge, datapath) = &self.bridge;
        if self.southbound.is_none() {
            return Finding::bad(SUBJECT, "ovn-controller does not know the southbound database").advise(
                "ovs-vsctl set Open_vSwitch . external_ids:ovn-remote=tcp:HOST:6642 external_ids:ovn-encap-type=geneve \
                 external_ids:ovn-encap-ip=ADDRESS",
            );
        }
        match datapath {
            None => Finding::bad(SUBJECT, format!("integration bridge {bridge} is not there: ovn-controller makes it"))
                .advise("apt-get install ovn-host; systemctl start ovn-host"),
            Some(_) => Finding::good(SUBJECT, format!("integration bridge {bridge}")),
        }
    }

    fn tunnels(&self) -> Finding {
        match &self.end {
            Ok(TunnelEnd { address, link }) => Finding::good(SUBJECT, format!("tunnels from {address} on {link}")),
            Err(error) => Finding::bad(SUBJECT, error.to_string()),
        }
    }

    fn way_out(&self, name: &str, network: &str) -> Option<Finding> {
        match self.mappings.get(network) {
            Some((_, true)) => None,
            Some((bridge, false)) => {
                let what = format!("bridge {bridge} of physical network {network} (ovn.external.{name}) is not there");
                Some(Finding::bad(SUBJECT, what).advise(format!("ovs-vsctl add-br {bridge}, with the uplink on it")))
            }
            None => {
                let what = format!(
                    "this host does not reach physical network {network} (ovn.external.{name}): fine where other hosts do"
                );
                Some(
                    Finding::doubtful(SUBJECT, what).advise(format!(
                        "ovs-vsctl set Open_vSwitch . external_ids:ovn-bridge-mappings={network}:BRIDGE"
                    )),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    fn fit() -> Seen {
        Seen {
            southbound: Some("tcp:192.0.2.1:6642".to_owned()),
            bridge: ("br-int".to_owned(), Some("netdev".to_owned())),
            end: Ok(TunnelEnd { address: "192.0.2.2".to_owned(), link: "br-phy".to_owned() }),
            mappings: [("wan".to_owned(), ("br-wan".to_owned(), true))].into(),
        }
    }

    fn outside() -> TunnelEndError {
        let [address, link, bridge] = ["192.0.2.2", "eth0", "br-int"].map(str::to_owned);
        TunnelEndError::Outside { address, link, bridge }
    }

    fn states(seen: &Seen) -> Vec<State> {
        seen.judge([("uplink", "wan")].into_iter()).into_iter().map(|finding| finding.state).collect()
    }

    #[test]
    fn what_is_missing_is_told_with_what_to_do() {
        assert_eq!(states(&fit()), [State::Good; 2]);
        let cases = [
            (Seen { southbound: None, ..fit() }, "ovn-remote"),
            (Seen { bridge: ("br-int".to_owned(), None), ..fit() }, "ovn-host"),
            (Seen { end: Err(TunnelEndError::Unnamed), ..fit() }, "ovn-encap-ip=ADDRESS"),
            (Seen { end: Err(outside()), ..fit() }, "add-port br-phy"),
            (Seen { mappings: [("wan".to_owned(), ("br-wan".to_owned(), false))].into(), ..fit() }, "add-br br-wan"),
        ];
        for (seen, advice) in cases {
            let findings = seen.judge([("uplink", "wan")].into_iter());
            let bad: Vec<_> = findings.iter().filter(|finding| finding.state == State::Bad).collect();
            let [bad] = bad[..] else { panic!("{findings:?}") };
            assert!(bad.to_string().contains(advice), "{bad}");
        }
    }

    #[test]
    fn a_physical_network_may_be_that_of_other_hosts() {
        let nowhere = Seen { mappings: BTreeMap::new(), ..fit() };
        assert_eq!(states(&nowhere), [State::Good, State::Good, State::Doubtful]);
        assert!(!Seen { southbound: None, bridge: (String::new(), None), ..fit() }.is_chassis());
    }
}
