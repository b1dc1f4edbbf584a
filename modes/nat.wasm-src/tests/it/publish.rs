//! Published ports.

use std::net::IpAddr;

use guest_modes::{Action, Label, Mode, Network, Protocol, Publish, PublishedPort, RefusalClass};
use mode_nat::Nat;

use crate::given::{endpoint, network};

fn dual_stack() -> Network {
    network(&[("10.1.0.0/24", "10.1.0.1"), ("fd00:1::/64", "fd00:1::1")])
}

fn port(host_address: Option<&str>) -> PublishedPort {
    PublishedPort {
        protocol: Protocol::Tcp,
        host_address: host_address.map(|address| address.parse().expect("an address")),
        host_port: 8080,
        container_port: 80,
    }
}

/// Where a published port is reached, and where it leads.
fn published(network: &Network, addresses: &[&str], port: PublishedPort) -> Vec<(Option<IpAddr>, IpAddr, bool)> {
    let plan = Nat::plan_publish(network, &endpoint(addresses), &[port]).expect("a plan");
    let publish = |action| match action {
        Action::Publish(Publish { host_address, target, translate, .. }) => (host_address, target, translate),
        other => panic!("not a published port: {other:?}"),
    };
    plan.steps.into_iter().map(|step| publish(step.action)).collect()
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

#[test]
fn a_port_is_published_for_every_family_of_the_container() {
    let both = ["10.1.0.2/24", "fd00:1::2/64"];
    let network = dual_stack();
    assert_eq!(published(&network, &both, port(None)), [(None, ip("10.1.0.2"), true), (None, ip("fd00:1::2"), true)]);
    assert_eq!(published(&network, &both[..1], port(None)), [(None, ip("10.1.0.2"), true)]);
}

#[test]
fn a_host_address_is_published_for_its_family_alone() {
    let both = ["10.1.0.2/24", "fd00:1::2/64"];
    for (address, target) in [("192.0.2.1", "10.1.0.2"), ("0.0.0.0", "10.1.0.2"), ("::1", "fd00:1::2")] {
        let expected = (Some(ip(address)), ip(target), true);
        assert_eq!(published(&dual_stack(), &both, port(Some(address))), [expected], "{address}");
    }
}

/// Were the port left out, it would be served by nobody and said by nobody.
#[test]
fn a_host_address_of_another_family_leads_to_the_address_there_is() {
    let expected = (Some(ip("2001:db8::1")), ip("10.1.0.2"), true);
    assert_eq!(published(&dual_stack(), &["10.1.0.2/24"], port(Some("2001:db8::1"))), [expected]);
}

#[test]
fn a_routed_network_opens_ports_instead_of_translating_them() {
    let mut network = dual_stack();
    network.options.set("gateway_mode", "routed");
    assert_eq!(published(&network, &["10.1.0.2/24"], port(None)), [(None, ip("10.1.0.2"), false)]);
}

#[test]
fn every_port_is_a_step_of_its_own() {
    let ports =
        [port(None), PublishedPort { protocol: Protocol::Udp, host_port: 53, container_port: 53, ..port(None) }];
    let plan = Nat::plan_publish(&dual_stack(), &endpoint(&["10.1.0.2/24"]), &ports).unwrap();
    let labels: Vec<&str> = plan.steps.iter().map(|step| step.label.as_str()).collect();
    assert_eq!(labels, ["publish-1", "publish-2"]);
    let second = Publish::through(&Label::new("host"), &ports[1], ip("10.1.0.2"));
    assert_eq!(plan.steps[1].action, second.into());
    assert_eq!(plan.steps[1].why, "the user published 53/udp on the host's port 53");
}

#[test]
fn an_internal_network_publishes_nothing() {
    let mut network = dual_stack();
    network.internal = true;
    let refusal = Nat::plan_publish(&network, &endpoint(&["10.1.0.2/24"]), &[port(None)]).unwrap_err();
    assert_eq!((refusal.class, refusal.code.as_str()), (RefusalClass::Unsupported, "publish-internal"));
}
