//! Every kind of value and action, there and back.

use plan::{
    Acl, Action, Attachment, Attribute, Encapsulation, EndpointPort, HostPort, LoadBalancer, Localnet, LogicalNat,
    LogicalRouter, LogicalSwitch, Network, Plan, Protocol, RouteVia, RouterPort, StaticRoute, Station, Subnet, Tunnel,
    Value, Verdict, VlanId,
};

use super::v0;
use super::v1::{lift, lower};
use crate::bindings::v0::ovs::mode::types as wit_v0;
use crate::bindings::v1::ovs::mode::types as wit;

fn values() -> Vec<Attribute> {
    vec![
        Attribute::new("text", Value::Text("eth1".into())),
        Attribute::new("integer", Value::Integer(-7)),
        Attribute::new("boolean", Value::Boolean(true)),
        Attribute::new("address", Value::Address("fd00::1:2".parse().unwrap())),
        Attribute::new("net", Value::Net("10.1.2.3/8".parse().unwrap())),
        Attribute::new("mac", Value::Mac("02:42:0a:00:00:fe".parse().unwrap())),
        Attribute::new("texts", Value::Texts(vec!["a".into(), "b".into()])),
    ]
}

fn step(action: wit::Action) -> wit::Step {
    wit::Step { label: "step".into(), action, why: None, shared: None }
}

fn one(action: wit::Action) -> Result<Action, String> {
    let plan = wit::Plan { steps: vec![step(action)], reply: Vec::new() };
    lift::plan(&plan).map(|plan| plan.steps[0].action.clone()).map_err(|bad| bad.to_string())
}

fn uplink(name: &str, trunks: Vec<u16>) -> wit::Action {
    wit::Action::Uplink(wit::Uplink { bridge: "bridge".into(), name: name.into(), vlan: None, trunks })
}

#[test]
fn values_survive_the_way_to_a_guest_and_back() {
    let subnet = Subnet {
        pool: "fd00::/64".parse().unwrap(),
        gateway: Some("fd00::1/64".parse().unwrap()),
        auxiliary: values(),
    };
    let id = "net".to_owned().try_into().unwrap();
    let network = Network { id, internal: true, subnets: vec![subnet], options: values(), facts: values() };
    let lowered = lower::network(&network);
    assert!(lowered.internal && lowered.id == "net");
    let plan = wit::Plan { steps: Vec::new(), reply: lowered.options };
    assert_eq!(lift::plan(&plan).unwrap(), Plan { steps: Vec::new(), reply: values() });
    let wit::IpNet { address: wit::IpAddress::Ipv6(groups), prefix_length: 64 } = lowered.subnets[0].pool else {
        panic!("{:?}", lowered.subnets[0].pool)
    };
    assert_eq!(groups.0, 0xfd00);
}

#[test]
fn names_and_numbers_are_checked() {
    assert!(one(uplink("eth1", vec![1, 4094])).is_ok());
    let complaint = one(uplink("a-name-that-is-too-long", Vec::new())).unwrap_err();
    assert!(
        complaint.starts_with("step 1 \"step\", name: \"a-name-that-is-too-long\" is not an interface name"),
        "{complaint}"
    );
    let complaint = one(uplink("eth1", vec![4095])).unwrap_err();
    assert!(complaint.starts_with("step 1 \"step\", vlan: \"4095\" is not a VLAN id"), "{complaint}");
    let net = wit::IpNet { address: wit::IpAddress::Ipv4((10, 0, 0, 0)), prefix_length: 33 };
    let masquerade = wit::Action::Masquerade(wit::Masquerade { port: "host".into(), sources: vec![net] });
    assert_eq!(
        one(masquerade).unwrap_err(),
        "step 1 \"step\", sources: \"10.0.0.0/33\" is not an address with a prefix length: 0 to 32 are"
    );
    let label = wit::Action::Forward(wit::Forward { port: "no label".into(), hairpin: false });
    assert!(one(label).unwrap_err().contains("\"no label\" is not a label"));
}

#[test]
fn a_bad_value_in_the_reply_is_said_to_be_there() {
    let net = wit::IpNet { address: wit::IpAddress::Ipv4((10, 0, 0, 0)), prefix_length: 99 };
    let reply = vec![wit::Attribute { key: "gateway".into(), value: wit::Value::Net(net) }];
    let bad = lift::plan(&wit::Plan { steps: Vec::new(), reply }).unwrap_err();
    assert!(bad.to_string().starts_with("reply, value: \"10.0.0.0/99\" is not an address"), "{bad}");
}

fn net(text: &str) -> ipnet::IpNet {
    text.parse().unwrap()
}

fn label(text: &str) -> plan::Label {
    plan::Label::new(text).unwrap()
}

/// 10.0.0.0 with its last octet and a prefix length.
fn wit_net(last: u8, prefix_length: u8) -> wit::IpNet {
    wit::IpNet { address: wit::IpAddress::Ipv4((10, 0, 0, last)), prefix_length }
}

#[test]
fn ports_arrive_with_all_that_they_have() {
    let route = wit::Route { destination: wit_net(0, 8), next_hop: wit::IpAddress::Ipv4((10, 0, 0, 9)) };
    let host = wit::Action::HostPort(wit::HostPort {
        on: wit::Attachment::LogicalSwitch("switch".into()),
        addresses: vec![wit_net(1, 24)],
        routes: vec![route],
        vlan: Some(7),
        mtu: Some(1400),
    });
    let expected = HostPort {
        routes: vec![RouteVia { destination: net("10.0.0.0/8"), next_hop: net("10.0.0.9/32").addr() }],
        vlan: VlanId::new(7).ok(),
        mtu: Some(1400),
        ..HostPort::new(Attachment::LogicalSwitch(label("switch")), vec![net("10.0.0.1/24")])
    };
    assert_eq!(one(host), Ok(Action::HostPort(expected)));
    let endpoint = wit::Action::EndpointPort(wit::EndpointPort {
        on: wit::Attachment::Bridge("bridge".into()),
        mac: (2, 0, 0, 0, 0, 5),
        addresses: vec![wit_net(5, 24)],
        vlan: None,
        trunks: vec![8],
        mtu: None,
        isolated: true,
        secured: true,
        allowed: vec![wit::Station { mac: Some((2, 0, 0, 0, 0, 6)), address: wit_net(6, 32) }],
        rate_ingress: Some(1),
        rate_egress: Some(u64::MAX),
    });
    let (mac, other) = ("02:00:00:00:00:05".parse().unwrap(), "02:00:00:00:00:06".parse().unwrap());
    let expected = EndpointPort {
        trunks: vec![VlanId::new(8).unwrap()],
        isolated: true,
        secured: true,
        allowed: vec![Station { mac: Some(other), address: net("10.0.0.6/32") }],
        rate_ingress: Some(1),
        rate_egress: Some(u64::MAX),
        ..EndpointPort::new(Attachment::Bridge(label("bridge")), mac, vec![net("10.0.0.5/24")])
    };
    assert_eq!(one(endpoint), Ok(Action::EndpointPort(expected)));
}

/// 10.0.0.0/24, as it is said and as it arrives.
fn pool() -> (Vec<wit::IpNet>, Vec<ipnet::IpNet>) {
    (vec![wit_net(0, 24)], vec![net("10.0.0.0/24")])
}

/// 10.0.0.0 with its last octet, as it is said and as it arrives.
fn ip(last: u8) -> (wit::IpAddress, std::net::IpAddr) {
    (wit::IpAddress::Ipv4((10, 0, 0, last)), [10, 0, 0, last].into())
}

fn arrive<const N: usize>(table: [(wit::Action, Action); N]) {
    for (said, expected) in table {
        assert_eq!(one(said), Ok(expected));
    }
}

#[test]
fn tunnels_switches_and_routers_arrive_as_they_were_said() {
    arrive([
        (
            wit::Action::Tunnel(wit::Tunnel {
                bridge: "bridge".into(),
                encapsulation: wit::Encapsulation::Geneve,
                vni: 7,
                peers: vec![ip(1).0],
            }),
            Action::Tunnel(Tunnel {
                bridge: label("bridge"),
                encapsulation: Encapsulation::Geneve,
                vni: 7,
                peers: vec![ip(1).1],
            }),
        ),
        (
            wit::Action::LogicalSwitch(wit::LogicalSwitch {
                vrf: "blue\n".into(),
                subnets: pool().0,
                name: Some("theirs".into()),
            }),
            Action::LogicalSwitch(LogicalSwitch {
                vrf: "blue\\n".into(),
                subnets: pool().1,
                name: Some("theirs".into()),
            }),
        ),
        (
            wit::Action::LogicalRouter(wit::LogicalRouter { vrf: "blue".into() }),
            Action::LogicalRouter(LogicalRouter { vrf: "blue".into() }),
        ),
        (
            wit::Action::RouterPort(wit::RouterPort {
                router: "router".into(),
                switch: "switch".into(),
                addresses: pool().0,
                chassis: vec!["host".into()],
            }),
            Action::RouterPort(RouterPort {
                router: label("router"),
                switch: label("switch"),
                addresses: pool().1,
                chassis: vec!["host".into()],
            }),
        ),
    ]);
}

#[test]
fn what_is_added_to_routers_and_switches_arrives_as_it_was_said() {
    arrive([
        (
            wit::Action::StaticRoute(wit::StaticRoute {
                router: "router".into(),
                route: wit::Route { destination: wit_net(0, 24), next_hop: ip(9).0 },
            }),
            Action::StaticRoute(StaticRoute {
                router: label("router"),
                route: RouteVia { destination: net("10.0.0.0/24"), next_hop: ip(9).1 },
            }),
        ),
        (
            wit::Action::Localnet(wit::Localnet { switch: "switch".into(), network: "wire".into(), vlan: Some(7) }),
            Action::Localnet(Localnet { switch: label("switch"), network: "wire".into(), vlan: VlanId::new(7).ok() }),
        ),
        (
            wit::Action::Acl(wit::Acl {
                switch: "switch".into(),
                priority: 9,
                sources: pool().0,
                destinations: Vec::new(),
                protocol: Some(wit::Protocol::Sctp),
                port: Some(80),
                verdict: wit::Verdict::AllowRelated,
            }),
            Action::Acl(Acl {
                switch: label("switch"),
                priority: 9,
                sources: pool().1,
                destinations: Vec::new(),
                protocol: Some(Protocol::Sctp),
                port: Some(80),
                verdict: Verdict::AllowRelated,
            }),
        ),
    ]);
}

#[test]
fn what_routers_translate_arrives_as_it_was_said() {
    arrive([
        (
            wit::Action::LoadBalancer(wit::LoadBalancer {
                router: "router".into(),
                protocol: wit::Protocol::Udp,
                address: ip(1).0,
                port: 53,
                target: ip(2).0,
                target_port: 5353,
            }),
            Action::LoadBalancer(LoadBalancer {
                router: label("router"),
                protocol: Protocol::Udp,
                address: ip(1).1,
                port: 53,
                target: ip(2).1,
                target_port: 5353,
            }),
        ),
        (
            wit::Action::LogicalNat(wit::LogicalNat { router: "router".into(), external: ip(1).0, sources: pool().0 }),
            Action::LogicalNat(LogicalNat { router: label("router"), external: ip(1).1, sources: pool().1 }),
        ),
    ]);
}

#[test]
fn what_a_step_shares_is_said_in_plain_characters() {
    let forward = wit::Action::Forward(wit::Forward { port: "host".into(), hairpin: false });
    let step = wit::Step { shared: Some("uplink eth1\u{7}".into()), ..step(forward) };
    let plan = lift::plan(&wit::Plan { steps: vec![step], reply: Vec::new() }).unwrap();
    assert_eq!(plan.steps[0].shared.as_deref(), Some("uplink eth1\\u{7}"));
}

#[test]
fn a_plan_of_the_first_contract_means_what_it_meant() {
    let one = |action| {
        let step = wit_v0::Step { label: "step".into(), action, why: Some("why".into()) };
        v0::lift::plan(&wit_v0::Plan { steps: vec![step], reply: Vec::new() }).unwrap().steps.remove(0)
    };
    let net_v0 = |last| wit_v0::IpNet { address: wit_v0::IpAddress::Ipv4((10, 0, 0, last)), prefix_length: 24 };
    let bridge = || Attachment::Bridge(label("bridge"));
    let host = one(wit_v0::Action::HostPort(wit_v0::HostPort {
        bridge: "bridge".into(),
        addresses: vec![net_v0(1)],
        vlan: Some(7),
        mtu: Some(1400),
    }));
    let plain = HostPort::new(bridge(), vec![net("10.0.0.1/24")]);
    assert_eq!(host.action, Action::HostPort(HostPort { vlan: VlanId::new(7).ok(), mtu: Some(1400), ..plain }));
    assert_eq!((host.why.as_deref(), host.shared), (Some("why"), None));
    let port = one(wit_v0::Action::EndpointPort(wit_v0::EndpointPort {
        bridge: "bridge".into(),
        mac: (2, 0, 0, 0, 0, 5),
        addresses: vec![net_v0(5)],
        vlan: None,
        trunks: vec![8],
        mtu: Some(1400),
        isolated: true,
    }));
    let plain = EndpointPort::new(bridge(), "02:00:00:00:00:05".parse().unwrap(), vec![net("10.0.0.5/24")]);
    let trunks = vec![VlanId::new(8).unwrap()];
    assert_eq!(port.action, Action::EndpointPort(EndpointPort { trunks, mtu: Some(1400), isolated: true, ..plain }));
}
