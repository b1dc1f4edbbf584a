//! OVN, where this host is part of it: its northbound database, its integration bridge, the way of its tunnels and the
//! physical networks that routers leave by.

mod northbound;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use ovsdb::{Client, MonitorSpec, Options, Snapshot, TableSpec};
use plumbing::link::Links;

use super::finding::Finding;
use crate::config::Config;

const SUBJECT: &str = "ovn";
/// How long a database may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    // That Open vSwitch does not answer is said elsewhere.
    let Some(copy) = open_vswitch(config).await else { return Vec::new() };
    let seen = Seen::of(&copy, interface_of(&copy).await);
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
        .table(TableSpec::new("Bridge").columns(["name", "datapath_type"]).index("name"))
        .table(TableSpec::new("Interface").columns(["name", "type"]).index("name"));
    let client = Client::start(options, spec).ok()?;
    client.wait_connected(PATIENCE).await.ok()?;
    Some(client.snapshot())
}

/// The link that has the address of this host's end of tunnels.
async fn interface_of(copy: &Snapshot) -> Option<String> {
    let address: IpAddr = tunnel_address(copy)?.parse().ok()?;
    Links::open().ok()?.holder_of(address).await.ok()?
}

fn id(copy: &Snapshot, key: &str) -> Option<String> {
    copy.rows("Open_vSwitch").next()?.entry("external_ids", key).map(str::to_owned)
}

/// This host's end of tunnels: where there are several, ovn-controller takes the first by default.
fn tunnel_address(copy: &Snapshot) -> Option<String> {
    id(copy, "ovn-encap-ip")?.split(',').next().map(|first| first.trim().to_owned())
}

/// What Open vSwitch's database says of OVN.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    /// Where ovn-controller finds the southbound database.
    southbound: Option<String>,
    /// The integration bridge, and its datapath if it is there.
    bridge: (String, Option<String>),
    /// The address of this host's end of tunnels.
    address: Option<String>,
    /// The link that has it, and whether that is an internal port of a bridge.
    link: Option<(String, bool)>,
    /// The physical networks that this host reaches, with their bridges, and whether those are there.
    mappings: BTreeMap<String, (String, bool)>,
}

impl Seen {
    fn of(copy: &Snapshot, link: Option<String>) -> Self {
        let bridge = |name: &str| copy.find("Bridge", "name", name);
        let integration = id(copy, "ovn-bridge").unwrap_or_else(|| "br-int".to_owned());
        let datapath = bridge(&integration).map(|row| row.get("datapath_type").unwrap_or_default());
        let internal = |name: &str| {
            copy.find("Interface", "name", name).is_some_and(|row| row.get::<&str>("type") == Ok("internal"))
        };
        let mappings = id(copy, "ovn-bridge-mappings").unwrap_or_default();
        let mappings = mappings.split(',').filter_map(|pair| pair.trim().split_once(':'));
        Self {
            southbound: id(copy, "ovn-remote"),
            bridge: (integration, datapath),
            address: tunnel_address(copy),
            link: link.map(|link| (link.clone(), internal(&link))),
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

    /// Tunnels of ovs-vswitchd's own datapath only find their way where it is the host's stack of the bridge: elsewhere
    /// all looks healthy, and nothing arrives.
    fn tunnels(&self) -> Finding {
        let Some(address) = &self.address else {
            return Finding::bad(SUBJECT, "this host has no address for tunnels (external_ids:ovn-encap-ip)").advise(
                "ovs-vsctl set Open_vSwitch . external_ids:ovn-encap-type=geneve external_ids:ovn-encap-ip=ADDRESS",
            );
        };
        let userspace = self.bridge.1.as_deref() == Some("netdev");
        match &self.link {
            None => Finding::bad(SUBJECT, format!("no link has the address of this host's tunnels, {address}")).advise(
                "ip address add it where it belongs, or set external_ids:ovn-encap-ip of Open_vSwitch to one there is",
            ),
            Some((link, false)) if userspace => {
                let what = format!(
                    "tunnels from {address} on {link} reach nobody: ovs-vswitchd's own datapath sends them through \
                     internal ports of its bridges alone"
                );
                Finding::bad(SUBJECT, what).advise(format!(
                    "ovs-vsctl add-br br-phy -- set Bridge br-phy datapath_type=netdev -- add-port br-phy {link}; then \
                     move the address from {link} to br-phy"
                ))
            }
            Some((link, _)) => Finding::good(SUBJECT, format!("tunnels from {address} on {link}")),
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
            address: Some("192.0.2.2".to_owned()),
            link: Some(("br-phy".to_owned(), true)),
            mappings: [("wan".to_owned(), ("br-wan".to_owned(), true))].into(),
        }
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
            (Seen { address: None, ..fit() }, "ovn-encap-ip=ADDRESS"),
            (Seen { link: None, ..fit() }, "ip address add"),
            (Seen { link: Some(("eth0".to_owned(), false)), ..fit() }, "move the address from eth0 to br-phy"),
            (Seen { mappings: [("wan".to_owned(), ("br-wan".to_owned(), false))].into(), ..fit() }, "add-br br-wan"),
        ];
        for (seen, advice) in cases {
            let findings = seen.judge([("uplink", "wan")].into_iter());
            let bad: Vec<_> = findings.iter().filter(|finding| finding.state == State::Bad).collect();
            let [bad] = bad[..] else { panic!("{findings:?}") };
            assert!(bad.advice.as_deref().unwrap().contains(advice), "{bad:?}");
        }
    }

    #[test]
    fn the_kernels_tunnels_leave_by_any_link() {
        let link = Some(("eth0".to_owned(), false));
        let kernel = Seen { bridge: ("br-int".to_owned(), Some("system".to_owned())), link, ..fit() };
        assert_eq!(states(&kernel), [State::Good; 2]);
        let nowhere = Seen { mappings: BTreeMap::new(), ..fit() };
        assert_eq!(states(&nowhere), [State::Good, State::Good, State::Doubtful]);
        assert!(!Seen { southbound: None, bridge: (String::new(), None), ..fit() }.is_chassis());
    }
}
