//! The host's foot in a network, and what leaves through it.

use plan::{Action, Attribute, Masquerade, Plan, Rule, Value, VlanId};

use crate::fixture::{Case, forward, host_port, label, masquerade, net, network_plan, refused, step};

fn at(addresses: &[&str]) -> Plan {
    Plan {
        steps: network_plan().steps.into_iter().take(1).chain([step("gateway", host_port(addresses))]).collect(),
        reply: Vec::new(),
    }
}

#[test]
fn the_hosts_addresses_come_from_the_pools() {
    let table = [
        ("10.2.0.1/24", "in none of the network's pools"),
        ("192.168.0.1/24", "in none of the network's pools"),
        ("10.1.0.1/16", "the prefix length has to be 24"),
        ("10.1.0.1/32", "the prefix length has to be 24"),
        ("fd02::1/64", "in none of the network's pools"),
        ("10.1.0.0/24", "names all of 10.1.0.0/24"),
        ("10.1.0.255/24", "names all of 10.1.0.0/24"),
        ("fd01::/64", "names all of fd01::/64"),
        ("10.1.0.9/24", "a container could be given it"),
        ("10.1.0.254/24", "a container could be given it"),
    ];
    for (address, words) in table {
        refused(Case::default().network(&at(&[address])), Rule::HostAddress, 2, &[address, words]);
    }
    let twice = at(&["10.1.0.1/24", "10.1.0.1/24"]);
    refused(Case::default().network(&twice), Rule::HostAddress, 2, &["the host has it already"]);
    let mut second = at(&["10.1.0.1/24"]);
    second.steps.push(step("second", host_port(&["10.1.0.1/24"])));
    refused(Case::default().network(&second), Rule::HostAddress, 3, &["the host has it already"]);
}

#[test]
fn the_gateways_address_and_one_that_an_option_names_are_the_hosts() {
    for address in ["10.1.0.1/24", "10.1.0.7/24", "fd01::1/64"] {
        assert!(Case::default().network(&at(&[address])).is_ok(), "{address}");
    }
    for value in [Value::Address("10.1.0.9".parse().unwrap()), Value::Net(net("10.1.0.9/24"))] {
        let mut case = Case::default();
        case.network.options.push(Attribute::new("host_address", value));
        assert!(case.network(&at(&["10.1.0.9/24"])).is_ok());
    }
}

#[test]
fn a_host_port_has_an_address() {
    refused(Case::default().network(&at(&[])), Rule::HostAddress, 2, &["no address", "give it the gateway's"]);
}

#[test]
fn an_all_zero_pool_is_no_pool() {
    let mut case = Case::default();
    case.network.subnets[0].pool = net("0.0.0.0/0");
    case.network.subnets[0].gateway = Some(net("10.1.0.1/0"));
    refused(case.network(&at(&["10.1.0.1/0"])), Rule::HostAddress, 2, &["in none of the network's pools"]);
    let mut plan = at(&["fd01::1/64"]);
    plan.steps.push(step("hide", masquerade("gateway", &["0.0.0.0/0"])));
    refused(case.network(&plan), Rule::Nat, 3, &["0.0.0.0/0"]);
}

#[test]
fn a_pool_of_two_addresses_has_two_stations() {
    let mut case = Case::default();
    case.network.subnets[0].pool = net("10.1.0.0/31");
    case.network.subnets[0].gateway = Some(net("10.1.0.0/31"));
    assert!(case.network(&at(&["10.1.0.0/31"])).is_ok());
}

#[test]
fn the_mtu_is_one_that_the_protocols_live_with() {
    let with = |mtu| {
        let mut plan = at(&["10.1.0.1/24"]);
        let Action::HostPort(port) = &mut plan.steps[1].action else { unreachable!() };
        port.mtu = mtu;
        plan
    };
    let mut case = Case::default();
    for (mtu, right) in
        [(Some(0), false), (Some(1279), false), (Some(1280), true), (Some(u16::MAX), true), (None, true)]
    {
        assert_eq!(case.network(&with(mtu)).is_ok(), right, "{mtu:?}");
    }
    refused(case.network(&with(Some(1279))), Rule::Mtu, 2, &["1279", "at least 1280"]);
    case.network.subnets.truncate(1);
    assert!(case.network(&with(Some(68))).is_ok());
    refused(case.network(&with(Some(67))), Rule::Mtu, 2, &["at least 68"]);
}

#[test]
fn each_capability_has_to_be_granted() {
    let needs = |grants: &[&str], number, words: &str| {
        refused(Case::granted(grants).network(&network_plan()), Rule::Grant, number, &[words]);
    };
    needs(&["nat", "bridge"], 2, "host-address is not granted");
    needs(&["host-address"], 3, "nat is not granted");
    let mut plan = at(&["10.1.0.1/24"]);
    plan.steps.push(step("out", forward("gateway")));
    refused(Case::granted(&["host-address"]).network(&plan), Rule::Grant, 3, &["nat is not granted"]);
    let Action::HostPort(port) = &mut plan.steps[1].action else { unreachable!() };
    port.vlan = Some(VlanId::new(7).unwrap());
    refused(Case::granted(&["host-address", "nat"]).network(&plan), Rule::Grant, 2, &["vlan=7 is not granted"]);
}

#[test]
fn only_the_networks_own_subnets_are_masqueraded() {
    let table: [(&[&str], &str); 6] = [
        (&["10.2.0.0/24"], "the network's pools are [10.1.0.0/24, fd01::/64]"),
        (&["10.0.0.0/8"], "10.0.0.0/8"),
        (&["0.0.0.0/0"], "0.0.0.0/0"),
        (&["::/0"], "::/0"),
        (&["10.1.0.0/24", "10.1.0.0/24"], "it is masqueraded already"),
        (&[], "no sources"),
    ];
    for (sources, words) in table {
        let mut plan = network_plan();
        plan.steps[2].action = masquerade("gateway", sources);
        refused(Case::default().network(&plan), Rule::Nat, 3, &[words]);
    }
    let mut plan = network_plan();
    let half = Masquerade { port: label("gateway"), sources: vec![net("10.1.0.128/25")] };
    plan.steps[2].action = Action::Masquerade(half);
    assert!(Case::default().network(&plan).is_ok());
}

#[test]
fn a_port_is_forwarded_through_once() {
    let mut plan = network_plan();
    plan.steps.push(step("again", forward("gateway")));
    refused(Case::default().network(&plan), Rule::Nat, 5, &["forwards through it already"]);
}
