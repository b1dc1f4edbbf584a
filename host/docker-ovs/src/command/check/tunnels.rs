//! Tunnels to other hosts: whether what ovs-vswitchd wraps gets there at all, and what comes from there to whom it is for.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use ovsdb::{Client, MonitorSpec, Options, Row, Snapshot, TableSpec};
use plumbing::link::{Links, Way};
use plumbing::{Error, Mark, carries_tunnels, tunnel_rivals};

use super::finding::Finding;
use super::tool::ask;
use crate::config::Config;

const SUBJECT: &str = "tunnels";
/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    // That Open vSwitch does not answer is said elsewhere.
    let Some(copy) = open_vswitch(config).await else { return Vec::new() };
    let peers = peers(&copy);
    if peers.is_empty() {
        return Vec::new();
    }
    let hosts: BTreeSet<IpAddr> = peers.iter().map(|peer| peer.host).collect();
    let ways = async { Links::open()?.ways(hosts.into_iter().collect()).await };
    let mut findings = match ways.await {
        Ok(ways) => judge(&peers, &ways, |link| carries_tunnels(&copy, link)),
        Err(error) => vec![Finding::bad(SUBJECT, format!("where they lead cannot be seen: {error}"))],
    };
    findings.extend(tunnel_rivals(&copy).iter().map(|rival| Finding::bad(SUBJECT, rival.to_string())));
    if peers.iter().any(|peer| peer.vxlan) {
        // That Docker does not answer is said elsewhere.
        let state = ask("docker", &["info", "--format", "{{.Swarm.LocalNodeState}}"]).await;
        findings.extend(state.ok().and_then(|state| beside_overlay(&state)));
    }
    findings
}

/// What is to be said of vxlan on a host with this part in Docker's swarm: Docker's overlay networks have the same port.
fn beside_overlay(state: &str) -> Option<Finding> {
    let what = "vxlan has the port (UDP 4789) of Docker's overlay networks, and this host is in a swarm: where it has such \
                networks, neither gets all of its frames";
    let advice = "create the networks with -o tunnel=geneve on all of their hosts";
    (state.trim() == "active").then(|| Finding::doubtful(SUBJECT, what).advise(advice))
}

async fn open_vswitch(config: &Config) -> Option<Snapshot> {
    let mut options = Options::new(config.ovsdb.iter().cloned());
    options.tls = config.tls.clone();
    let spec = MonitorSpec::database("Open_vSwitch")
        .table(TableSpec::new("Bridge").columns(["name", "ports", "datapath_type"]).index("ports"))
        .table(TableSpec::new("Port").columns(["name", "interfaces", "external_ids"]).index("name").index("interfaces"))
        .table(TableSpec::new("Interface").columns(["name", "type", "options"]).index("name"));
    let client = Client::start(options, spec).ok()?;
    client.wait_connected(PATIENCE).await.ok()?;
    Some(client.snapshot())
}

/// A host that a driver's tunnel leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Peer {
    host: IpAddr,
    /// Whether the tunnel's bridge is of ovs-vswitchd's own datapath.
    netdev: bool,
    vxlan: bool,
}

/// The ends of all tunnels that a driver made, this one or another.
fn peers(copy: &Snapshot) -> Vec<Peer> {
    let peer = |interface: &Row| {
        let host = interface.entry("options", "remote_ip")?.parse().ok()?;
        let port = copy.find("Port", "interfaces", interface.uuid())?;
        port.entry("external_ids", Mark::INSTANCE)?;
        let bridge = copy.find("Bridge", "ports", port.uuid())?;
        let (netdev, vxlan) = (bridge.get("datapath_type") == Ok("netdev"), interface.get("type") == Ok("vxlan"));
        Some(Peer { host, netdev, vxlan })
    };
    copy.rows("Interface").filter_map(|interface| peer(interface)).collect()
}

/// `carries`: whether ovs-vswitchd's own datapath sends through a link what it wrapped.
fn judge(peers: &[Peer], ways: &[(IpAddr, Way)], carries: impl Fn(&str) -> bool) -> Vec<Finding> {
    let fault = |(host, way): &(IpAddr, Way)| {
        let netdev = peers.iter().any(|peer| peer.host == *host && peer.netdev);
        match way {
            Way::Nowhere => Some(Error::NoRoute { host: *host }),
            Way::Through { link, .. } if netdev && !carries(link) => {
                Some(Error::Underlay { host: *host, link: link.clone() })
            }
            Way::Through { .. } | Way::Here => None,
        }
    };
    let faults: Vec<Finding> =
        ways.iter().filter_map(fault).map(|error| Finding::bad(SUBJECT, error.to_string())).collect();
    if !faults.is_empty() {
        return faults;
    }
    vec![Finding::good(SUBJECT, format!("a way leads to each of {} other hosts", ways.len()))]
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    fn judged(way: Way, netdev: bool) -> (State, String) {
        let host = IpAddr::from([192, 0, 2, 2]);
        let mut findings = judge(&[Peer { host, netdev, vxlan: false }], &[(host, way)], |link| link == "br-phy");
        let finding = findings.pop().unwrap();
        assert!(findings.is_empty());
        (finding.state, finding.what)
    }

    #[test]
    fn a_way_is_judged_by_the_datapath() {
        let through = |link: &str| Way::Through { link: link.to_owned(), mtu: 1500 };
        assert_eq!(judged(through("br-phy"), true).0, State::Good);
        assert_eq!(judged(through("eth0"), false).0, State::Good, "the kernel's tunnels leave by any link");
        let (state, what) = judged(through("eth0"), true);
        assert!(state == State::Bad && what.contains("add-port br-phy eth0"), "{what}");
        let (state, what) = judged(Way::Nowhere, false);
        assert!(state == State::Bad && what.contains("ip route get 192.0.2.2"), "{what}");
    }

    #[test]
    fn vxlan_is_for_hosts_of_no_swarm() {
        assert_eq!(beside_overlay("active\n").map(|finding| finding.state), Some(State::Doubtful));
        assert_eq!(beside_overlay("inactive\n"), None);
    }
}
