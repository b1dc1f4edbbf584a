//! Networks and their endpoints.

use guest_modes::{
    Action, Bridge, Datapath, EndpointPort, Forward, HostPort, Label, Masquerade, Mode, Plan, RefusalClass, Value,
};
use mode_nat::Nat;

use crate::given::{endpoint, network};

const IPV4: (&str, &str) = ("10.1.0.0/24", "10.1.0.1");
const IPV6: (&str, &str) = ("fd00:1::/64", "fd00:1::1");

fn actions(plan: Plan) -> Vec<(String, Action)> {
    plan.steps.into_iter().map(|step| (step.label.to_string(), step.action)).collect()
}

#[test]
fn a_dual_stack_network_is_a_bridge_with_a_way_out() {
    let plan = Nat::plan_network(&network(&[IPV4, IPV6])).unwrap();
    assert!(plan.steps.iter().all(|step| !step.why.is_empty()));
    assert_eq!(plan.reply.iter().count(), 0);
    let (bridge, host) = (Label::new("bridge"), Label::new("host"));
    let gateways = ["10.1.0.1/24".parse().unwrap(), "fd00:1::1/64".parse().unwrap()];
    let expected: [(&str, Action); 5] = [
        ("bridge", Bridge::own().into()),
        ("host", HostPort::on(&bridge, gateways).mtu(1500).into()),
        ("forward", Forward::through(&host).hairpin(true).into()),
        ("masquerade", Masquerade::through(&host, ["10.1.0.0/24".parse().unwrap()]).into()),
        ("masquerade6", Masquerade::through(&host, ["fd00:1::/64".parse().unwrap()]).into()),
    ];
    assert_eq!(actions(plan), expected.map(|(label, action)| (label.to_owned(), action)));
}

#[test]
fn a_family_that_is_not_there_is_not_hidden() {
    let labels = |subnets| -> Vec<String> {
        actions(Nat::plan_network(&network(subnets)).unwrap()).into_iter().map(|(label, _)| label).collect()
    };
    assert_eq!(labels(&[IPV4]), ["bridge", "host", "forward", "masquerade"]);
    assert_eq!(labels(&[IPV6]), ["bridge", "host", "forward", "masquerade6"]);
}

#[test]
fn nothing_is_hidden_without_masquerade_or_when_routed() {
    for (key, value) in [("masquerade", Value::Boolean(false)), ("gateway_mode", "routed".into())] {
        let mut network = network(&[IPV4]);
        network.options.set(key, value);
        let labels: Vec<String> =
            actions(Nat::plan_network(&network).unwrap()).into_iter().map(|(label, _)| label).collect();
        assert_eq!(labels, ["bridge", "host", "forward"], "{key}");
    }
}

#[test]
fn a_routed_network_cannot_be_told_to_hide_containers() {
    let mut network = network(&[IPV4]);
    network.options.set("masquerade", true);
    assert!(Nat::plan_network(&network).unwrap().steps.iter().any(|step| step.label.as_str() == "masquerade"));
    network.options.set("gateway_mode", "routed");
    let refusal = Nat::plan_network(&network).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.at.as_deref()), ("masquerade-routed", Some("masquerade")));
    network.options.set("masquerade", false);
    assert!(Nat::plan_network(&network).is_ok());
}

#[test]
fn options_reach_every_step_they_mean() {
    let mut network = network(&[IPV4]);
    network.options.set("bridge", "br-lab");
    network.options.set("datapath", "netdev");
    network.options.set("mtu", 9000_u16);
    network.options.set("icc", false);
    let steps = actions(Nat::plan_network(&network).unwrap());
    assert_eq!(steps[0].1, Bridge::named("br-lab").datapath(Datapath::Netdev).into());
    assert!(matches!(&steps[1].1, Action::HostPort(port) if port.mtu == Some(9000)));
    assert!(matches!(&steps[2].1, Action::Forward(forward) if !forward.hairpin));

    let mut endpoint = endpoint(&["10.1.0.2/24"]);
    endpoint.options.set("ifname", "lan0");
    let plan = Nat::plan_endpoint(&network, &endpoint).unwrap();
    assert_eq!(plan.reply.get("interface-name"), Some("lan0"));
    let port = EndpointPort::on(&Label::new("bridge"), &endpoint).mtu(9000).isolated(true);
    assert_eq!(actions(plan), [("port".to_owned(), port.into())]);
}

#[test]
fn an_internal_network_is_a_bridge_and_no_way_out() {
    let mut network = network(&[IPV4, ("10.2.0.0/24", "")]);
    network.internal = true;
    assert_eq!(actions(Nat::plan_network(&network).unwrap()), [("bridge".to_owned(), Bridge::own().into())]);
    let plan = Nat::plan_endpoint(&network, &endpoint(&["10.1.0.2/24"])).unwrap();
    assert_eq!(plan.reply.iter().count(), 0);
}

#[test]
fn a_container_gets_the_gateways_of_its_families() {
    let network = network(&[IPV4, IPV6]);
    let reply = |addresses| -> Vec<(String, Value)> {
        Nat::plan_endpoint(&network, &endpoint(addresses)).unwrap().reply.into_iter().collect()
    };
    let gateway = ("gateway".to_owned(), Value::Address("10.1.0.1".parse().unwrap()));
    let gateway6 = ("gateway6".to_owned(), Value::Address("fd00:1::1".parse().unwrap()));
    assert_eq!(reply(&["10.1.0.2/24"]), std::slice::from_ref(&gateway));
    assert_eq!(reply(&["fd00:1::2/64"]), std::slice::from_ref(&gateway6));
    assert_eq!(reply(&["10.1.0.2/24", "fd00:1::2/64"]), [gateway, gateway6]);
}

#[test]
fn a_network_without_a_pool_or_a_gateway_is_refused() {
    for (subnets, code) in [
        (&[][..], "no-pool"),
        (&[("0.0.0.0/0", "")], "no-pool"),
        (&[IPV4, ("::/0", "")], "no-pool"),
        (&[IPV4, ("fd00:1::/64", "")], "no-gateway"),
    ] {
        let refusal = Nat::plan_network(&network(subnets)).unwrap_err();
        assert_eq!((refusal.class, refusal.code.as_str()), (RefusalClass::Invalid, code), "{subnets:?}: {refusal}");
    }
}

#[test]
fn an_mtu_that_ipv6_cannot_use_is_refused_where_there_is_ipv6() {
    let with_mtu = |subnets| {
        let mut network = network(subnets);
        network.options.set("mtu", 1279_u16);
        Nat::plan_network(&network)
    };
    assert!(with_mtu(&[IPV4]).is_ok());
    let refusal = with_mtu(&[IPV4, IPV6]).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.at.as_deref()), ("mtu-too-small", Some("mtu")));
    assert!(refusal.message.contains("1280"), "{refusal}");
}
