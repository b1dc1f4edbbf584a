//! `check` and OVN's tunnels, by the rows of a database alone: this host's end of them, which is the address of the loopback
//! link, and a driver's tunnels that would take their frames.

use std::os::unix::fs::symlink;

use serde_json::Value;

use crate::place::{Place, client};
use crate::server::{Server, program, shared_file};

/// The integration bridge, on ovs-vswitchd's own datapath, and an internal port that has the address.
const CHASSIS: &str = "set Open_vSwitch . external_ids:ovn-encap-ip=127.0.0.1 -- add-br br-int -- set Bridge br-int \
datapath_type=netdev -- add-br br-phy -- add-port br-phy lo -- set Interface lo type=internal";

fn vsctl(switch: &Server, line: &str) {
    let database = format!("--db=unix:{}", switch.path("sock").display());
    let status = program("ovs-vsctl").args([&database, "--no-wait"]).args(line.split(' ')).status();
    assert!(status.unwrap().success(), "{line}");
}

fn place() -> (Place, Server) {
    let schema = std::fs::read_to_string(shared_file("vswitch.ovsschema")).unwrap();
    let (place, switch) = (Place::new(), Server::with_schema(&schema));
    symlink(switch.path("sock"), place.path("db.sock")).unwrap();
    vsctl(&switch, "init");
    vsctl(&switch, CHASSIS);
    (place, switch)
}

/// What `check` says of a subject that has these words, and how bad that is.
fn found(place: &Place, subject: &str, words: &str) -> Vec<(String, String)> {
    let findings: Value = serde_json::from_str(&client(place, &["check", "--json"]).out).unwrap();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let is_meant = |finding: &&Value| finding["subject"] == subject && text(finding, "what").contains(words);
    let findings = findings.as_array().unwrap().iter().filter(is_meant);
    findings.map(|finding| (text(finding, "state"), text(finding, "what"))).collect()
}

/// What `check` says of this host's end of OVN's tunnels, and how bad that is.
fn said(place: &Place) -> (String, String) {
    found(place, "ovn", "unnels").into_iter().next().expect("it is said")
}

#[test]
fn a_drivers_tunnel_that_takes_frames_of_ovns_is_named() {
    let (place, switch) = place();
    vsctl(&switch, "add-br ovt1 -- set Bridge ovt1 datapath_type=netdev -- add-port ovt1 ovt1v1");
    vsctl(&switch, "set Interface ovt1v1 type=geneve options:key=77 options:remote_ip=127.0.0.2");
    vsctl(&switch, "set Port ovt1v1 external_ids:docker-ovs-instance=0123abcd external_ids:docker-ovs-network=net");
    vsctl(&switch, "add-port br-int ovn-2 -- set Interface ovn-2 type=geneve options:key=flow");
    for (host, named) in [("127.0.0.2", 1), ("127.0.0.3", 0), ("flow", 1)] {
        vsctl(&switch, &format!("set Interface ovn-2 options:remote_ip={host}"));
        let named_are = found(&place, "tunnels", "take frames of port ovn-2 on bridge br-int");
        assert_eq!(named_are.len(), named, "{host}: {named_are:?}");
        assert!(named_are.iter().all(|(state, _)| state == "bad"), "{named_are:?}");
    }
}

#[test]
fn an_internal_port_is_an_end_of_tunnels_on_a_bridge_of_the_same_datapath() {
    let (place, switch) = place();
    let (state, what) = said(&place);
    assert!(state == "bad" && what.contains("tunnels from 127.0.0.1 on lo reach nobody"), "{state}: {what}");
    vsctl(&switch, "set Bridge br-phy datapath_type=netdev");
    let (state, what) = said(&place);
    assert_eq!((&*state, &*what), ("good", "tunnels from 127.0.0.1 on lo"));
}
