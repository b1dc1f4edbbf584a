//! Tunnels: to the hosts that were named, once.

use plan::{Action, Attribute, Encapsulation, Plan, Rule, Tunnel, Value};

use crate::fixture::{Case, asked, label, network_plan, refused, step, uplink};

fn tunnel(vni: u32, peers: &[&str]) -> Action {
    let peers = peers.iter().map(|peer| peer.parse().unwrap()).collect();
    Action::Tunnel(Tunnel { bridge: label("bridge"), encapsulation: Encapsulation::Vxlan, vni, peers })
}

fn plan(actions: &[Action]) -> Plan {
    let mut plan = network_plan();
    let meshes = actions.iter().enumerate().map(|(index, action)| step(&format!("mesh-{index}"), action.clone()));
    plan.steps.extend(meshes);
    plan
}

#[test]
fn the_peers_are_those_of_an_option_or_a_fact() {
    let case = Case::option("peers", "192.0.2.1, 192.0.2.2");
    assert!(case.network(&plan(&[tunnel(7, &["192.0.2.1", "192.0.2.2"])])).is_ok());
    assert!(case.network(&plan(&[tunnel(7, &[])])).is_ok(), "the first host has none yet");
    refused(case.network(&plan(&[tunnel(7, &["192.0.2.3"])])), Rule::Tunnel, 5, &["no option of the network names it"]);
    let mut swarm = Case::default();
    let members = Value::Texts(vec!["192.0.2.3".to_owned(), "fd00::3".to_owned()]);
    swarm.network.facts.push(Attribute::new("swarm.peers", members));
    assert!(swarm.network(&plan(&[tunnel(7, &["192.0.2.3", "fd00::3"])])).is_ok());
}

#[test]
fn what_is_no_host_is_told_to_who_named_it() {
    for peer in ["0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "ff02::1"] {
        let case = Case::option("peers", peer);
        asked(
            case.network(&plan(&[tunnel(7, &[peer])])),
            Rule::Tunnel,
            &format!("option peers={peer}: it is no host's"),
        );
    }
    let case = Case::option("peers", "192.0.2.1");
    asked(
        case.network(&plan(&[tunnel(7, &["192.0.2.1", "192.0.2.1"])])),
        Rule::Tunnel,
        "option peers=192.0.2.1: it is",
    );
}

#[test]
fn a_network_has_one_mesh_with_a_number_of_24_bits() {
    let case = Case::default();
    for vni in [0, 1 << 24] {
        refused(case.network(&plan(&[tunnel(vni, &[])])), Rule::Tunnel, 5, &["1 to 16777215"]);
    }
    assert!(case.network(&plan(&[tunnel((1 << 24) - 1, &[])])).is_ok());
    let two = plan(&[tunnel(7, &[]), tunnel(8, &[])]);
    refused(case.network(&two), Rule::Tunnel, 6, &["\"mesh-0\" is it already"]);
}

#[test]
fn a_bridge_leads_out_by_a_mesh_or_by_a_wire() {
    let case = Case::default();
    let mut mesh_first = plan(&[tunnel(7, &[])]);
    mesh_first.steps.push(step("wire", uplink("eth1")));
    let mut wire_first = mesh_first.clone();
    wire_first.steps.swap(4, 5);
    let words = ["frames would circle", "plan one of the two"];
    refused(case.network(&mesh_first), Rule::Tunnel, 6, &[&["uplink beside tunnel \"mesh-0\""], &words[..]].concat());
    refused(case.network(&wire_first), Rule::Tunnel, 6, &[&["tunnel beside uplink \"wire\""], &words[..]].concat());
    for alone in [4, 5] {
        let mut one = mesh_first.clone();
        one.steps.remove(alone);
        assert!(case.network(&one).is_ok());
    }
}

#[test]
fn a_tunnel_carries_nobody_elses_vlans() {
    let mut plan = plan(&[tunnel(7, &[])]);
    plan.steps[0].shared = Some("wire".to_owned());
    refused(Case::default().network(&plan), Rule::Tunnel, 5, &["\"bridge\" is shared (\"wire\")", "VLANs of all"]);
}

#[test]
fn a_tunnel_is_granted_and_on_a_bridge() {
    let case = Case::granted(&["host-address", "nat"]);
    refused(case.network(&plan(&[tunnel(7, &[])])), Rule::Grant, 5, &["tunnel is not granted"]);
    let mut on_port = plan(&[tunnel(7, &[])]);
    let Action::Tunnel(tunnel) = &mut on_port.steps[4].action else { unreachable!() };
    tunnel.bridge = label("gateway");
    refused(Case::default().network(&on_port), Rule::Reference, 5, &["\"gateway\" is no bridge here"]);
}
