//! An endpoint's port.

use plan::{Action, EndpointPort, Plan, Rule, VlanId};

use crate::fixture::{Case, endpoint_plan, endpoint_port, net, refused, step};

fn with(change: impl FnOnce(&mut EndpointPort)) -> Plan {
    let mut port = endpoint_port();
    change(&mut port);
    Plan { steps: vec![step("link", Action::EndpointPort(port))], reply: Vec::new() }
}

#[test]
fn an_endpoint_has_exactly_one_port() {
    let case = Case::default();
    refused(case.endpoint(&Plan::default()), Rule::Kind, 0, &["exactly one"]);
    let mut plan = endpoint_plan();
    plan.steps.push(step("second", Action::EndpointPort(endpoint_port())));
    refused(case.endpoint(&plan), Rule::Kind, 2, &["a second endpoint-port"]);
}

#[test]
fn a_port_has_its_endpoints_addresses_and_no_others() {
    let case = Case::default();
    let foreign = with(|port| port.mac = "02:00:00:00:00:06".parse().unwrap());
    refused(case.endpoint(&foreign), Rule::EndpointAddress, 1, &["02:00:00:00:00:06", "02:00:00:00:00:05"]);
    let tables: [fn(&mut EndpointPort); 5] = [
        |port| port.addresses.push(net("10.1.0.6/24")),
        |port| port.addresses[0] = net("10.1.0.6/24"),
        |port| port.addresses[0] = net("10.1.0.5/8"),
        |port| port.addresses.truncate(1),
        |port| port.addresses.push(net("10.1.0.5/24")),
    ];
    for change in tables {
        let words = ["the endpoint's are [10.1.0.5/24, fd01::5/64]"];
        refused(case.endpoint(&with(change)), Rule::EndpointAddress, 1, &words);
    }
    assert!(case.endpoint(&with(|port| port.addresses.reverse())).is_ok());
}

#[test]
fn an_endpoint_without_addresses_has_a_port_without() {
    let mut case = Case::default();
    case.endpoint.addresses.clear();
    assert!(case.endpoint(&with(|port| port.addresses.clear())).is_ok());
}

#[test]
fn a_site_may_have_its_endpoints_ports_but_no_vlan() {
    let case = Case::granted(&[]);
    assert!(case.endpoint(&endpoint_plan()).is_ok());
    let tagged = with(|port| port.vlan = Some(VlanId::new(12).unwrap()));
    refused(case.endpoint(&tagged), Rule::Grant, 1, &["vlan=12 is not granted"]);
    assert!(Case::granted(&["vlan=12"]).endpoint(&tagged).is_ok());
    let trunk = with(|port| port.trunks = vec![VlanId::new(12).unwrap(); 2]);
    refused(Case::default().endpoint(&trunk), Rule::Vlan, 1, &["12"]);
}

#[test]
fn the_mtu_is_one_that_the_protocols_live_with() {
    refused(Case::default().endpoint(&with(|port| port.mtu = Some(1000))), Rule::Mtu, 1, &["1000", "1280"]);
}
