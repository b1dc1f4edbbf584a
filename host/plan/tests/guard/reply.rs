//! What Docker is told.

use plan::{Action, Attribute, Plan, Route, Rule, Value};

use crate::fixture::{Case, endpoint_plan, net, network_plan, publish_plan, refused, text};

fn saying(key: &str, value: Value) -> Plan {
    Plan { reply: vec![Attribute::new(key, value)], ..endpoint_plan() }
}

fn routes(texts: &[&str]) -> Plan {
    saying("routes", Value::Texts(texts.iter().map(|&text| text.to_owned()).collect()))
}

#[test]
fn the_keys_are_closed_and_typed() {
    let table = [
        ("dns", Value::Text("10.1.0.1".to_owned())),
        ("gateway", Value::Text("10.1.0.1".to_owned())),
        ("gateway", Value::Address("fd01::1".parse().unwrap())),
        ("gateway6", Value::Address("10.1.0.1".parse().unwrap())),
        ("routes", Value::Text("10.0.0.0/8=10.1.0.254".to_owned())),
        ("interface-prefix", Value::Boolean(true)),
        ("interface-name", Value::Integer(7)),
    ];
    for (key, value) in table {
        refused(Case::default().endpoint(&saying(key, value)), Rule::Reply, 0, &[key, "are known"]);
    }
    let twice = Plan { reply: vec![text("interface-prefix", "eth"); 2], ..endpoint_plan() };
    refused(Case::default().endpoint(&twice), Rule::Reply, 0, &["twice"]);
}

#[test]
fn only_an_endpoints_plan_has_a_reply() {
    let reply = vec![text("interface-prefix", "eth")];
    let plan = Plan { reply: reply.clone(), ..network_plan() };
    refused(Case::default().network(&plan), Rule::Reply, 0, &["only an endpoint's plan"]);
    refused(Case::default().publish(&Plan { reply, ..publish_plan() }), Rule::Reply, 0, &["only an endpoint's plan"]);
}

#[test]
fn a_gateway_is_another_station_in_the_pool() {
    let table = [
        ("gateway", "10.2.0.1", "in none of the network's pools"),
        ("gateway", "10.1.0.5", "its own address"),
        ("gateway", "10.1.0.0", "no address in its subnet"),
        ("gateway", "10.1.0.255", "no address in its subnet"),
        ("gateway6", "fd02::1", "in none of the network's pools"),
        ("gateway6", "fe80::1", "in none of the network's pools"),
    ];
    for (key, address, words) in table {
        let plan = saying(key, Value::Address(address.parse().unwrap()));
        let words = if words == "its own address" { "the endpoint's own address" } else { words };
        refused(Case::default().endpoint(&plan), Rule::Reply, 0, &[address, words]);
    }
    let mut case = Case::default();
    case.network.subnets[0].pool = net("0.0.0.0/0");
    let plan = saying("gateway", Value::Address("10.1.0.1".parse().unwrap()));
    refused(case.endpoint(&plan), Rule::Reply, 0, &["in none of the network's pools"]);
}

#[test]
fn an_internal_network_has_no_gateway() {
    let mut case = Case::default();
    case.network.internal = true;
    let plan = saying("gateway6", Value::Address("fd01::1".parse().unwrap()));
    refused(case.endpoint(&plan), Rule::Internal, 0, &["gateway fd01::1", "leave it out"]);
}

#[test]
fn routes_are_those_the_user_asked_for() {
    for stolen in ["0.0.0.0/1=10.1.0.1", "128.0.0.0/1=10.1.0.1", "10.0.0.0/8=10.1.0.1", "10.0.0.0/9=10.1.0.254", "::/0"]
    {
        refused(Case::default().endpoint(&routes(&[stolen])), Rule::Reply, 0, &["only those of the option \"routes\""]);
    }
    for malformed in ["", "10.0.0.0=10.1.0.254", "10.0.0.0/8=", "10.0.0.0/8=fd01::1", "x=y"] {
        refused(Case::default().endpoint(&routes(&[malformed])), Rule::Reply, 0, &["DESTINATION=NEXT-HOP"]);
    }
    let admitted = Case::default().endpoint(&routes(&["10.0.0.0/8=10.1.0.254"])).unwrap();
    let next_hop = Some("10.1.0.254".parse().unwrap());
    assert_eq!(admitted.reply.routes, [Route { destination: net("10.0.0.0/8"), next_hop }]);
}

#[test]
fn an_endpoints_own_option_asks_for_routes_too() {
    let mut case = Case::default();
    case.endpoint.options = vec![text("routes", "fd09::/64=fd01::9, 192.0.2.0/24")];
    let admitted = case.endpoint(&routes(&["fd09::/64=fd01::9", "192.0.2.0/24", "10.0.0.0/8=10.1.0.254"])).unwrap();
    assert_eq!(admitted.reply.routes.len(), 3);
}

#[test]
fn interfaces_have_plain_names() {
    let text = |text: &str| Value::Text(text.to_owned());
    for bad in ["", "0eth", "eth/", "eth%d", "e\u{1b}", "thirteenchars"] {
        refused(
            Case::default().endpoint(&saying("interface-prefix", text(bad))),
            Rule::Reply,
            0,
            &["interface-prefix"],
        );
    }
    for bad in ["", "lo", "a/b", "eth%d", "..", "sixteen-letters-", "e:1"] {
        refused(Case::default().endpoint(&saying("interface-name", text(bad))), Rule::Reply, 0, &["interface-name"]);
    }
    assert!(Case::default().endpoint(&saying("interface-prefix", text("ovs-_eth"))).is_ok());
    assert!(Case::default().endpoint(&saying("interface-name", text("lan0.7"))).is_ok());
}

#[test]
fn routes_lead_to_the_vrfs_other_subnets_through_a_gateway() {
    let known = Attribute::new("ovn.vrf-subnets", Value::Texts(vec!["10.7.0.0/24".to_owned(), "fd07::/64".to_owned()]));
    let mut case = Case::default();
    refused(case.endpoint(&routes(&["10.7.0.0/24=10.1.0.1"])), Rule::Reply, 0, &["a route to 10.7.0.0/24"]);
    case.endpoint.facts.push(known.clone());
    let admitted = case.endpoint(&routes(&["10.7.0.0/24=10.1.0.1", "fd07::/64=fd01::1"])).unwrap();
    assert_eq!(admitted.reply.routes.len(), 2);
    for route in ["10.7.0.0/16=10.1.0.1", "10.7.0.0/24=10.1.0.254", "10.7.0.0/24=10.1.0.5", "10.7.0.0/24"] {
        refused(case.endpoint(&routes(&[route])), Rule::Reply, 0, &["a route to 10.7.0.0/"]);
    }
    case.endpoint.addresses = vec![net("fd01::5/64")];
    let mut plan = routes(&["10.7.0.0/24=10.1.0.1"]);
    let Action::EndpointPort(port) = &mut plan.steps[0].action else { unreachable!() };
    port.addresses.clone_from(&case.endpoint.addresses);
    refused(case.endpoint(&plan), Rule::Reply, 0, &["a route to 10.7.0.0/24"]);
    let mut of_network = Case::default();
    of_network.network.facts.push(known);
    assert!(of_network.endpoint(&routes(&["10.7.0.0/24=10.1.0.1"])).is_ok());
    of_network.network.internal = true;
    refused(of_network.endpoint(&routes(&["10.7.0.0/24=10.1.0.1"])), Rule::Reply, 0, &["a route to 10.7.0.0/24"]);
}

#[test]
fn dockers_own_bridge_is_the_way_out_where_there_is_no_other() {
    let plan = |reply: Vec<Attribute>| Plan { reply, ..endpoint_plan() };
    let dockers = || Attribute::new("docker-gateway", Value::Boolean(true));
    assert!(Case::default().endpoint(&plan(vec![dockers()])).unwrap().reply.docker_gateway);
    let gateway = Attribute::new("gateway", Value::Address("10.1.0.1".parse().unwrap()));
    let both = plan(vec![gateway, dockers()]);
    refused(Case::default().endpoint(&both), Rule::Reply, 0, &["docker-gateway", "leave out the one or the other"]);
    let mut internal = Case::default();
    internal.network.internal = true;
    refused(internal.endpoint(&plan(vec![dockers()])), Rule::Internal, 0, &["docker-gateway"]);
}
