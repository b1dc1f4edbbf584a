//! `egress=external`: networks that leave by a physical network.

use std::net::IpAddr;

use guest_modes::{Action, LoadBalancer, Mode, Protocol, PublishedPort};
use mode_ovn::Ovn;

use crate::given::{IPV4, IPV6, action, endpoint, external, labels, network};

fn port(host_address: Option<&str>) -> PublishedPort {
    let host_address = host_address.map(|address| address.parse().expect("an address"));
    PublishedPort { protocol: Protocol::Tcp, host_address, host_port: 8080, container_port: 80 }
}

fn published(host_address: Option<&str>) -> Vec<(IpAddr, IpAddr)> {
    let endpoint = endpoint(&["10.1.0.5/24", "fd00:1::5/64"]);
    let plan = Ovn::plan_publish(&external(&[IPV4, IPV6]), &endpoint, &[port(host_address)]).expect("it is published");
    let balancers = plan.steps.iter().map(|step| match &step.action {
        Action::LoadBalancer(LoadBalancer { address, port: 8080, target, target_port: 80, .. }) => (*address, *target),
        other => panic!("{other:?}"),
    });
    balancers.collect()
}

#[test]
fn a_network_leaves_with_the_routers_address_in_the_physical_network() {
    let plan = Ovn::plan_network(&external(&[IPV4, IPV6])).unwrap();
    assert_eq!(
        labels(&plan),
        [
            "switch",
            "router",
            "gateway",
            "outside",
            "localnet",
            "outside-out",
            "outside-back",
            "outside-closed",
            "outside-port",
            "default",
            "default6",
            "nat",
            "nat6"
        ]
    );
    let Action::RouterPort(port) = action(&plan, "outside-port") else { panic!("a port of the router") };
    assert_eq!(port.chassis, ["h1", "h2"]);
    let Action::LogicalNat(nat) = action(&plan, "nat6") else { panic!("translation") };
    assert_eq!((nat.external, nat.sources.clone()), ("2001:db8:e::10".parse().unwrap(), vec![IPV6.0.parse().unwrap()]));
}

#[test]
fn the_ways_out_of_a_vrf_collide() {
    let route = |network| action(&Ovn::plan_network(&network).unwrap(), "default").clone();
    assert_ne!(route(network(&[IPV4])), route(external(&[IPV4])), "shared, and not the same");
}

#[test]
fn a_port_is_published_at_the_routers_addresses_in_each_family() {
    let pair = |one: &str, other: &str| (one.parse::<IpAddr>().unwrap(), other.parse::<IpAddr>().unwrap());
    let (ipv4, ipv6) = (pair("203.0.113.10", "10.1.0.5"), pair("2001:db8:e::10", "fd00:1::5"));
    assert_eq!(published(None), [ipv4, ipv6]);
    assert_eq!(published(Some("0.0.0.0")), [ipv4]);
    assert_eq!(published(Some("2001:db8:e::10")), [ipv6]);
    let endpoint = endpoint(&["10.1.0.5/24"]);
    for elsewhere in ["192.0.2.1", "2001:db8:e::10"] {
        let refusal = Ovn::plan_publish(&external(&[IPV4]), &endpoint, &[port(Some(elsewhere))]).unwrap_err();
        assert_eq!(refusal.code, "publish-address");
        assert!(refusal.message.contains("203.0.113.10"), "{refusal}");
    }
}

#[test]
fn a_physical_network_has_to_be_configured() {
    let mut network = network(&[IPV4]);
    network.options.set("egress", "external");
    let refusal = Ovn::plan_network(&network).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.at.as_deref()), ("no-external", Some("ovn.external")));
    network.options.set("ovn.external", "wan");
    assert!(Ovn::plan_network(&network).unwrap_err().message.contains("[ovn.external.wan]"));
}
