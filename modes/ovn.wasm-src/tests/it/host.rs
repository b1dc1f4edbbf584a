//! `egress=host`: networks that leave by the host that a container is on.

use guest_modes::{Acl, Action, HostPort, Label, Mode, Route, StaticRoute, Verdict};
use mode_ovn::Ovn;

use crate::given::{IPV4, IPV6, action, endpoint, labels, network};

#[test]
fn a_network_is_a_switch_with_a_router_that_leaves_by_the_host() {
    let plan = Ovn::plan_network(&network(&[IPV4, IPV6])).unwrap();
    assert!(plan.steps.iter().all(|step| !step.why.is_empty()));
    assert_eq!(
        labels(&plan),
        [
            "switch",
            "router",
            "gateway",
            "join",
            "join-port",
            "default",
            "default6",
            "join-closed",
            "out",
            "back",
            "host",
            "route-1",
            "route-2",
            "forward",
            "masquerade",
            "masquerade6"
        ]
    );
    let Action::HostPort(HostPort { addresses, mtu, .. }) = action(&plan, "host") else { panic!("a port of the host") };
    let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    // Every host has to find these, of every version: another hash would part hosts that share a VRF.
    assert_eq!(addresses, ["100.100.206.214/30", "fd6f:766e:933b:5bde::2/126"], "the join of VRF \"default\"");
    assert_eq!(*mtu, Some(1442));
    let route = Route::new("10.1.0.0/24".parse().unwrap(), "100.100.206.213".parse().unwrap());
    assert_eq!(*action(&plan, "route-1"), StaticRoute::on(&Label::new("host"), route).into());
}

#[test]
fn networks_of_a_vrf_say_the_same_of_what_they_share() {
    let shared = |subnets, mtu: u16| {
        let mut network = network(subnets);
        network.options.set("mtu", mtu);
        let plan = Ovn::plan_network(&network).unwrap();
        plan.steps.into_iter().filter(|step| step.shared.is_some()).collect::<Vec<_>>()
    };
    let (one, other) = (shared(&[IPV4], 1300), shared(&[IPV6, ("10.2.0.0/16", "10.2.0.1")], 1400));
    assert_eq!(one, other);
    assert!(one.len() > 5 && one.iter().all(|step| step.shared.as_deref() == Some("vrf default")));
}

#[test]
fn vrfs_share_nothing() {
    let of = |vrf: &str| {
        let mut network = network(&[IPV4]);
        network.options.set("vrf", vrf);
        Ovn::plan_network(&network).unwrap()
    };
    let (red, blue) = (of("red"), of("blue"));
    for label in ["switch", "router", "join", "host"] {
        assert_ne!(action(&red, label), action(&blue, label), "{label}");
    }
    assert!(red.steps.iter().all(|step| step.shared.as_deref().is_none_or(|key| key == "vrf red")));
}

#[test]
fn containers_that_may_not_talk_reach_the_gateway_and_nobody_else() {
    let mut network = network(&[IPV4, IPV6]);
    network.options.set("icc", false);
    let plan = Ovn::plan_network(&network).unwrap();
    assert_eq!(labels(&plan)[..5], ["switch", "from-gateway", "to-gateway", "no-icc", "router"]);
    let nets = |nets: &[&str]| nets.iter().map(|net| net.parse().unwrap()).collect::<Vec<_>>();
    let gateways =
        Acl::on(&Label::new("switch"), 1003, Verdict::Allow).sources(nets(&["10.1.0.1/32", "fd00:1::1/128"]));
    assert_eq!(*action(&plan, "from-gateway"), gateways.into());
    let own = ["10.1.0.0/24", "fd00:1::/64", "fe80::/10"];
    let everybody = ["224.0.0.0/4", "255.255.255.255/32", "ff00::/8"];
    let among = Acl::on(&Label::new("switch"), 1002, Verdict::Drop)
        .sources(nets(&own))
        .destinations(nets(&[&own[..], &everybody].concat()));
    assert_eq!(*action(&plan, "no-icc"), among.into());
}

#[test]
fn a_container_gets_the_router_for_its_gateway_and_sends_as_itself() {
    let mut network = network(&[IPV4, IPV6]);
    network.facts.set("ovn.mtu", 1422_u16);
    let mut endpoint = endpoint(&["10.1.0.5/24", "fd00:1::5/64"]);
    let plan = Ovn::plan_endpoint(&network, &endpoint).unwrap();
    let Action::EndpointPort(port) = action(&plan, "port") else { panic!("the container's link") };
    assert!(port.secured && !port.isolated);
    assert_eq!(port.mtu, Some(1422));
    assert_eq!(plan.reply.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["gateway", "gateway6"]);
    endpoint.options.set("port_security", false);
    let plan = Ovn::plan_endpoint(&network, &endpoint).unwrap();
    assert!(matches!(action(&plan, "port"), Action::EndpointPort(port) if !port.secured));
}

#[test]
fn what_cannot_be_is_refused_and_says_what_to_change() {
    let refused = |change: &dyn Fn(&mut guest_modes::Network), subnets: &[(&str, &str)]| {
        let mut network = network(subnets);
        change(&mut network);
        let refusal = Ovn::plan_network(&network).unwrap_err();
        (refusal.code, refusal.at)
    };
    let nothing = |_: &mut guest_modes::Network| {};
    assert_eq!(refused(&nothing, &[]), ("no-pool".into(), None));
    assert_eq!(refused(&nothing, &[("0.0.0.0/0", "")]), ("no-pool".into(), None));
    assert_eq!(refused(&nothing, &[("10.1.0.0/24", "")]), ("no-gateway".into(), None));
    assert_eq!(refused(&nothing, &[("100.64.0.0/10", "100.64.0.1")]), ("join-overlap".into(), Some("vrf".into())));
    assert_eq!(refused(&|network| network.options.set("vrf", "a b"), &[IPV4]), ("bad-vrf".into(), Some("vrf".into())));
    let large = |network: &mut guest_modes::Network| {
        network.facts.set("ovn.mtu", 1442_u16);
        network.options.set("mtu", 1500_u16);
    };
    assert_eq!(refused(&large, &[IPV4]), ("mtu-too-large".into(), Some("mtu".into())));
}
