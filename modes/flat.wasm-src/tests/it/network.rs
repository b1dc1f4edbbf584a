//! Networks.

use guest_modes::{Action, Bridge, HostPort, IpNet, Label, Mode, Network, Plan, Uplink};
use mode_flat::Flat;

use crate::given::network;

fn segment() -> Network {
    network(&[("10.1.0.0/24", "10.1.0.254")])
}

fn actions(plan: Plan) -> Vec<(String, Action)> {
    plan.steps.into_iter().map(|step| (step.label.to_string(), step.action)).collect()
}

#[test]
fn a_segment_is_a_bridge() {
    let plan = Flat::plan_network(&segment()).unwrap();
    assert_eq!(plan.reply.iter().count(), 0);
    assert_eq!(actions(plan), [("bridge".to_owned(), Bridge::own().into())]);
}

#[test]
fn the_wire_and_the_host_join_where_they_are_named() {
    let mut network = segment();
    network.options.set("bridge", "br-lab");
    network.options.set("uplink", "eth1");
    network.options.set("host_address", "10.1.0.9".parse::<std::net::IpAddr>().unwrap());
    network.options.set("vlan", 100_u16);
    network.facts.set("uplink.mtu", 9000_u16);
    let plan = Flat::plan_network(&network).unwrap();
    assert!(plan.steps.iter().all(|step| !step.why.is_empty()));
    let bridge = Label::new("bridge");
    let address: IpNet = "10.1.0.9/24".parse().unwrap();
    let expected: [(&str, Action); 3] = [
        ("bridge", Bridge::named("br-lab").into()),
        ("uplink", Uplink::on(&bridge, "eth1").into()),
        ("host", HostPort::on(&bridge, [address]).vlan(100).mtu(9000).into()),
    ];
    assert_eq!(actions(plan), expected.map(|(label, action)| (label.to_owned(), action)));
}

#[test]
fn a_segment_needs_no_pool() {
    assert!(Flat::plan_network(&network(&[])).is_ok());
    assert!(Flat::plan_network(&network(&[("0.0.0.0/0", "")])).is_ok());
}

#[test]
fn what_cannot_be_is_refused_with_the_option_to_change() {
    let refused = |change: &dyn Fn(&mut Network)| {
        let mut network = segment();
        change(&mut network);
        let refusal = Flat::plan_network(&network).unwrap_err();
        (refusal.code, refusal.at.unwrap_or_default())
    };
    let outside =
        refused(&|network| network.options.set("host_address", "10.2.0.9".parse::<std::net::IpAddr>().unwrap()));
    assert_eq!(outside, ("host-address-outside".to_owned(), "host_address".to_owned()));
    let twice = refused(&|network| {
        network.options.set("bridge", "eth1");
        network.options.set("uplink", "eth1");
    });
    assert_eq!(twice, ("bridge-is-uplink".to_owned(), "bridge".to_owned()));
    let too_large = refused(&|network| {
        network.options.set("mtu", 1501_u16);
        network.facts.set("uplink.mtu", 1500_u16);
    });
    assert_eq!(too_large, ("mtu-too-large".to_owned(), "mtu".to_owned()));
}
