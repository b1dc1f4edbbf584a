//! Endpoints.

use std::net::IpAddr;

use guest_modes::{Action, Endpoint, EndpointPort, Label, Mode, Network, Refusal, Value};
use mode_vlan::Vlan;

use crate::given::{endpoint, list, network};

fn port_of(network: &Network, endpoint: &Endpoint) -> Result<EndpointPort, Refusal> {
    let plan = Vlan::plan_endpoint(network, endpoint)?;
    match &plan.steps[..] {
        [step] => match &step.action {
            Action::EndpointPort(port) => Ok(port.clone()),
            other => panic!("not a port: {other:?}"),
        },
        steps => panic!("not one step: {steps:?}"),
    }
}

/// The untagged VLAN and the tagged ones of a container with these options, on a network that has those.
fn vlans(of_network: &[(&str, Value)], of_endpoint: &[(&str, Value)]) -> Result<(Option<u16>, Vec<u16>), String> {
    let (mut network, mut endpoint) = (network(), endpoint(&["10.1.0.2/24"]));
    of_network.iter().for_each(|(key, value)| network.options.set(*key, value.clone()));
    of_endpoint.iter().for_each(|(key, value)| endpoint.options.set(*key, value.clone()));
    match port_of(&network, &endpoint) {
        Ok(port) => Ok((port.vlan, port.trunks)),
        Err(refusal) => Err(refusal.code),
    }
}

#[test]
fn a_container_is_in_its_networks_vlan() {
    let expected = EndpointPort::on(&Label::new("bridge"), &endpoint(&["10.1.0.2/24"])).vlan(100).mtu(1500);
    assert_eq!(port_of(&network(), &endpoint(&["10.1.0.2/24"])), Ok(expected));
}

#[test]
fn a_containers_own_options_come_before_the_networks() {
    let (seven, trunks) = (("vlan", Value::Integer(7)), ("trunks", list(&["200", "300-302 301"])));
    let (native, other) = (("native_vlan", Value::Integer(9)), ("trunks", list(&["400"])));
    let all = vec![200, 300, 301, 302];
    assert_eq!(vlans(&[], std::slice::from_ref(&seven)), Ok((Some(7), Vec::new())));
    assert_eq!(vlans(&[], std::slice::from_ref(&trunks)), Ok((None, all.clone())));
    assert_eq!(vlans(&[], &[trunks.clone(), native.clone()]), Ok((Some(9), all.clone())));
    let networks = [trunks.clone(), native.clone()];
    assert_eq!(vlans(&networks, &[]), Ok((Some(9), all.clone())));
    assert_eq!(vlans(&networks, std::slice::from_ref(&other)), Ok((Some(9), vec![400])));
    assert_eq!(vlans(&networks, &[("native_vlan", Value::Integer(8))]), Ok((Some(8), all)));
    assert_eq!(vlans(&networks, std::slice::from_ref(&seven)), Ok((Some(7), Vec::new())), "an access port, then");
}

#[test]
fn what_contradicts_itself_is_refused() {
    let (seven, trunks) = (("vlan", Value::Integer(7)), ("trunks", list(&["200"])));
    let native = ("native_vlan", Value::Integer(9));
    assert_eq!(vlans(&[], &[seven.clone(), trunks]), Err("vlan-and-trunks".to_owned()));
    assert_eq!(vlans(&[], std::slice::from_ref(&native)), Err("native-without-trunks".to_owned()));
    assert_eq!(vlans(&[], &[seven, native]), Err("native-without-trunks".to_owned()));
    assert_eq!(vlans(&[], &[("trunks", list(&["5000"]))]), Err("bad-trunks".to_owned()));
}

#[test]
fn the_rest_is_as_on_any_segment() {
    let mut network = network();
    network.options.set("icc", false);
    network.facts.set("uplink.mtu", 9000_u16);
    let mut endpoint = endpoint(&["10.1.0.2/24"]);
    endpoint.options.set("ifname", "lan0");
    let port = port_of(&network, &endpoint).unwrap();
    assert_eq!((port.isolated, port.mtu), (true, Some(9000)));
    let reply = Vlan::plan_endpoint(&network, &endpoint).unwrap().reply;
    assert_eq!(reply.get("gateway"), Some("10.1.0.254".parse::<IpAddr>().unwrap()));
    assert_eq!(reply.get("interface-name"), Some("lan0"));
    network.internal = true;
    assert!(Vlan::plan_endpoint(&network, &endpoint).unwrap().reply.value("gateway").is_none());
    network.options.set("host_address", "10.1.0.2".parse::<IpAddr>().unwrap());
    let refusal = Vlan::plan_endpoint(&network, &endpoint).unwrap_err();
    assert_eq!(refusal.at.as_deref(), Some("host_address"));
}
