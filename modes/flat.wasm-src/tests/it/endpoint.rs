//! Endpoints.

use std::net::IpAddr;

use guest_modes::{Action, EndpointPort, Label, Mode, Network, RefusalClass, Value};
use mode_flat::Flat;

use crate::given::{endpoint, network};

const IPV4: (&str, &str) = ("10.1.0.0/24", "10.1.0.254");

fn port(network: &Network, vlan: Option<u16>) -> EndpointPort {
    let mut endpoint = endpoint(&["10.1.0.2/24"]);
    if let Some(vlan) = vlan {
        endpoint.options.set("vlan", vlan);
    }
    let plan = Flat::plan_endpoint(network, &endpoint).expect("a plan");
    match &plan.steps[..] {
        [step] => match &step.action {
            Action::EndpointPort(port) => port.clone(),
            other => panic!("not a port: {other:?}"),
        },
        steps => panic!("not one step: {steps:?}"),
    }
}

#[test]
fn a_container_is_on_the_bridge_with_what_it_was_given() {
    let expected = EndpointPort::on(&Label::new("bridge"), &endpoint(&["10.1.0.2/24"])).mtu(1500);
    assert_eq!(port(&network(&[IPV4]), None), expected);
}

#[test]
fn the_mtu_is_the_users_else_the_uplinks() {
    let mut network = network(&[IPV4]);
    network.facts.set("uplink.mtu", 9000_u16);
    assert_eq!(port(&network, None).mtu, Some(9000));
    network.options.set("mtu", 1400_u16);
    assert_eq!(port(&network, None).mtu, Some(1400));
    network.facts.set("uplink.mtu", Value::Integer(65_536));
    network.options.set("mtu", 65_535_u16);
    assert_eq!(port(&network, None).mtu, Some(65_535));
}

#[test]
fn a_containers_own_vlan_comes_before_the_networks() {
    let mut network = network(&[IPV4]);
    assert_eq!(port(&network, Some(7)).vlan, Some(7));
    network.options.set("vlan", 100_u16);
    assert_eq!(port(&network, None).vlan, Some(100));
    assert_eq!(port(&network, Some(7)).vlan, Some(7));
}

#[test]
fn containers_that_may_not_talk_are_isolated() {
    let mut network = network(&[IPV4]);
    network.options.set("icc", false);
    assert!(port(&network, None).isolated);
}

#[test]
fn the_gateway_is_the_segments_router_and_none_if_internal() {
    let gateway = |network: &Network| -> Option<IpAddr> {
        Flat::plan_endpoint(network, &endpoint(&["10.1.0.2/24"])).unwrap().reply.get("gateway")
    };
    let mut with_gateway = network(&[IPV4]);
    assert_eq!(gateway(&with_gateway), Some("10.1.0.254".parse().unwrap()));
    with_gateway.internal = true;
    assert_eq!(gateway(&with_gateway), None);
    assert_eq!(gateway(&network(&[("10.1.0.0/24", "")])), None);
}

#[test]
fn a_container_without_addresses_is_on_the_segment_all_the_same() {
    let plan = Flat::plan_endpoint(&network(&[("0.0.0.0/0", "")]), &endpoint(&[])).unwrap();
    assert_eq!((plan.steps.len(), plan.reply.iter().count()), (1, 0));
}

#[test]
fn nobody_gets_the_hosts_address() {
    let mut network = network(&[IPV4]);
    network.options.set("host_address", "10.1.0.2".parse::<IpAddr>().unwrap());
    let refusal = Flat::plan_endpoint(&network, &endpoint(&["10.1.0.2/24"])).unwrap_err();
    assert_eq!((refusal.class, refusal.at.as_deref()), (RefusalClass::Conflict, Some("host_address")));
    assert!(refusal.message.contains("--aux-address host=10.1.0.2"), "{refusal}");
}

#[test]
fn the_interface_is_named_as_the_user_says() {
    let mut endpoint = endpoint(&["10.1.0.2/24"]);
    endpoint.options.set("ifname", "lan0");
    assert_eq!(Flat::plan_endpoint(&network(&[IPV4]), &endpoint).unwrap().reply.get("interface-name"), Some("lan0"));
}

#[test]
fn the_gateway_is_that_of_the_containers_own_subnet() {
    let network = network(&[IPV4, ("10.2.0.0/24", "10.2.0.254")]);
    for (address, expected) in [("10.1.0.2/24", "10.1.0.254"), ("10.2.0.2/24", "10.2.0.254")] {
        let gateway: Option<IpAddr> =
            Flat::plan_endpoint(&network, &endpoint(&[address])).unwrap().reply.get("gateway");
        assert_eq!(gateway, Some(expected.parse().unwrap()));
    }
}
