//! Networks.

use guest_modes::{Action, Bridge, HostPort, IpNet, Label, Mode, Network, Plan, Uplink};
use mode_vlan::Vlan;

use crate::given::{list, network};

fn steps(plan: Plan) -> Vec<(String, Action, Option<String>)> {
    plan.steps.into_iter().map(|step| (step.label.to_string(), step.action, step.shared)).collect()
}

fn expected(steps: &[(&str, Action, Option<&str>)]) -> Vec<(String, Action, Option<String>)> {
    steps.iter().map(|(label, action, key)| ((*label).to_owned(), action.clone(), key.map(str::to_owned))).collect()
}

#[test]
fn a_wire_is_shared_by_all_its_networks() {
    let plan = Vlan::plan_network(&network()).unwrap();
    assert!(plan.steps.iter().all(|step| !step.why.is_empty()));
    let wire = Some("uplink eth1");
    let uplink = Uplink::on(&Label::new("bridge"), "eth1");
    assert_eq!(steps(plan), expected(&[("bridge", Bridge::own().into(), wire), ("uplink", uplink.into(), wire)]));
    let mut another = network();
    another.options.set("vlan", 200_u16);
    another.id = "another".to_owned();
    assert_eq!(Vlan::plan_network(&another), Vlan::plan_network(&network()), "whatever their VLANs");
}

#[test]
fn a_bridge_that_the_user_names_is_shared_under_its_name() {
    let mut network = network();
    network.options.set("bridge", "br-lab");
    let wire = Some("bridge br-lab");
    let uplink = Uplink::on(&Label::new("bridge"), "eth1");
    let plan = steps(Vlan::plan_network(&network).unwrap());
    assert_eq!(plan, expected(&[("bridge", Bridge::named("br-lab").into(), wire), ("uplink", uplink.into(), wire)]));
}

#[test]
fn the_hosts_address_is_in_the_vlan_and_the_networks_own() {
    let mut network = network();
    network.options.set("host_address", "10.1.0.9".parse::<std::net::IpAddr>().unwrap());
    network.facts.set("uplink.mtu", 9000_u16);
    let address: IpNet = "10.1.0.9/24".parse().unwrap();
    let host = HostPort::on(&Label::new("bridge"), [address]).vlan(100).mtu(9000);
    let plan = steps(Vlan::plan_network(&network).unwrap());
    assert_eq!(plan[2..], expected(&[("host", host.into(), None)]));
}

#[test]
fn what_cannot_be_is_refused_with_the_option_to_change() {
    let refused = |change: &dyn Fn(&mut Network)| {
        let mut network = network();
        change(&mut network);
        let refusal = Vlan::plan_network(&network).unwrap_err();
        (refusal.code, refusal.at.unwrap_or_default())
    };
    let no_wire = refused(&|network| {
        network.options = network.options.iter().filter(|(key, _)| *key != "uplink").map(owned).collect();
    });
    assert_eq!(no_wire, ("no-wire".to_owned(), "uplink".to_owned()));
    let native = refused(&|network| network.options.set("native_vlan", 7_u16));
    assert_eq!(native, ("native-without-trunks".to_owned(), "native_vlan".to_owned()));
    for bad in ["0", "4095", "7-5", "a", "1-", "1-2-3", "5 x"] {
        let trunks = refused(&|network| network.options.set("trunks", list(&["100", bad])));
        assert_eq!(trunks, ("bad-trunks".to_owned(), "trunks".to_owned()), "{bad}");
    }
    let twice = refused(&|network| network.options.set("bridge", "eth1"));
    assert_eq!(twice, ("bridge-is-uplink".to_owned(), "bridge".to_owned()));
}

fn owned((key, value): (&str, &guest_modes::Value)) -> (String, guest_modes::Value) {
    (key.to_owned(), value.clone())
}
