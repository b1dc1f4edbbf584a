//! `check` and this host's end of OVN's tunnels, by the rows of a database alone. The address is that of the loopback link.

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

/// What `check` says of tunnels, and how bad that is.
fn said(place: &Place) -> (String, String) {
    let findings: Value = serde_json::from_str(&client(place, &["check", "--json"]).out).unwrap();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let is_meant = |finding: &&Value| finding["subject"] == "ovn" && text(finding, "what").contains("unnels");
    let finding = findings.as_array().unwrap().iter().find(is_meant).unwrap_or_else(|| panic!("{findings}"));
    (text(finding, "state"), text(finding, "what"))
}

#[test]
fn an_internal_port_is_an_end_of_tunnels_on_a_bridge_of_the_same_datapath() {
    let schema = std::fs::read_to_string(shared_file("vswitch.ovsschema")).unwrap();
    let (place, switch) = (Place::new(), Server::with_schema(&schema));
    symlink(switch.path("sock"), place.path("db.sock")).unwrap();
    vsctl(&switch, "init");
    vsctl(&switch, CHASSIS);
    let (state, what) = said(&place);
    assert!(state == "bad" && what.contains("tunnels from 127.0.0.1 on lo reach nobody"), "{state}: {what}");
    vsctl(&switch, "set Bridge br-phy datapath_type=netdev");
    let (state, what) = said(&place);
    assert_eq!((&*state, &*what), ("good", "tunnels from 127.0.0.1 on lo"));
}
