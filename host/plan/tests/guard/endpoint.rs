//! An endpoint's port.

use plan::{Action, EndpointPort, Plan, Rule, VlanId};

use crate::fixture::{Case, asked, endpoint_plan, endpoint_port, net, refused, step};

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

/// A case whose endpoint has this address, and the honest plan for it.
fn at(address: &str) -> (Case, Plan) {
    let mut case = Case::default();
    case.endpoint.addresses = vec![net(address)];
    (case, with(|port| port.addresses = vec![net(address)]))
}

#[test]
fn an_endpoints_addresses_come_from_the_pools() {
    for (address, words) in [
        ("192.168.77.5/24", "it is in none of the network's pools [10.1.0.0/24, fd01::/64]"),
        ("10.1.1.5/16", "it is in none of the network's pools"),
        ("fd02::5/64", "it is in none of the network's pools"),
        ("10.1.0.0/24", "it names all of 10.1.0.0/24"),
        ("10.1.0.255/24", "it names all of 10.1.0.0/24"),
        ("fd01::/64", "it names all of fd01::/64"),
    ] {
        let (case, plan) = at(address);
        asked(case.endpoint(&plan), Rule::EndpointAddress, &format!("address {address}: {words}"));
    }
    for address in ["10.1.0.254/24", "fd01::ffff:ffff:ffff:ffff/64"] {
        let (case, plan) = at(address);
        assert!(case.endpoint(&plan).is_ok(), "{address}");
    }
}

#[test]
fn a_pool_of_one_or_two_addresses_has_as_many_stations() {
    for (pool, addresses) in [("10.1.0.6/31", &["10.1.0.6/31", "10.1.0.7/31"][..]), ("10.1.0.9/32", &["10.1.0.9/32"])] {
        for address in addresses {
            let (mut case, plan) = at(address);
            case.network.subnets[0].pool = net(pool);
            assert!(case.endpoint(&plan).is_ok(), "{address} in {pool}");
        }
    }
}

#[test]
fn without_a_pool_an_endpoint_may_have_any_address() {
    let (mut case, plan) = at("192.168.77.5/24");
    case.network.subnets.truncate(1);
    case.network.subnets[0].pool = net("0.0.0.0/0");
    assert!(case.endpoint(&plan).is_ok());
    case.network.subnets.clear();
    assert!(case.endpoint(&plan).is_ok());
}

#[test]
fn a_mac_address_names_one_station() {
    for mac in ["ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "00:00:00:00:00:00"] {
        let mut case = Case::default();
        case.endpoint.mac = mac.parse().unwrap();
        let plan = with(|port| port.mac = mac.parse().unwrap());
        asked(case.endpoint(&plan), Rule::EndpointAddress, &format!("MAC address {mac}: it names no single station"));
    }
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
