//! What is the user's to change is said in words for the user: the option, its value, and what would be right.

use plan::{Action, Attribute, Bridge, BridgeName, Datapath, LogicalSwitch, Plan, Rule, Value};

use crate::fixture::{Case, asked, endpoint_plan, host_port, net, network_plan, refused, step, text, uplink};

fn on(bridge: Bridge) -> Plan {
    let mut plan = network_plan();
    plan.steps[0].action = Action::Bridge(bridge);
    plan
}

fn named(name: &str) -> Plan {
    on(Bridge { name: Some(BridgeName::new(name).unwrap()), datapath: Datapath::Auto })
}

#[test]
fn a_name_that_a_user_gave_is_the_users() {
    let mut wired = network_plan();
    wired.steps.push(step("wire", uplink("lo")));
    let said = "option uplink=lo: the loopback interface leads nowhere";
    asked(Case::option("uplink", "lo").network(&wired), Rule::Uplink, said);
    let said = "option bridge=br-int: it belongs to OVN";
    asked(Case::option("bridge", "br-int").network(&named("br-int")), Rule::Bridge, said);
    let said = "option datapath=system: this kernel has no openvswitch module: ask for auto or netdev";
    let kernel = on(Bridge { name: None, datapath: Datapath::System });
    asked(Case::option("datapath", "system").network(&kernel), Rule::Bridge, said);
    refused(Case::default().network(&kernel), Rule::Bridge, 1, &["step 1 \"bridge\" of the plan"]);
}

#[test]
fn an_address_that_a_user_gave_is_the_users() {
    let at = |address: &str| {
        let mut plan = network_plan();
        plan.steps[1].action = host_port(&[address]);
        plan
    };
    let mut case = Case::default();
    case.network.options.push(Attribute::new("host_address", Value::Address("10.1.0.255".parse().unwrap())));
    asked(case.network(&at("10.1.0.255/24")), Rule::HostAddress, "option host_address=10.1.0.255: it names all of");
    case.network.subnets[0].gateway = Some(net("10.1.0.0/24"));
    asked(case.network(&at("10.1.0.0/24")), Rule::HostAddress, "gateway 10.1.0.0: it names all of 10.1.0.0/24");
}

#[test]
fn what_an_endpoints_user_gave_is_the_users() {
    let saying = |key: &str, value| Plan { reply: vec![Attribute::new(key, value)], ..endpoint_plan() };
    let mut case = Case::default();
    case.endpoint.options = vec![text("ifname", "a/b"), text("routes", "nowhere")];
    let name = saying("interface-name", Value::Text("a/b".to_owned()));
    asked(case.endpoint(&name), Rule::Reply, "option ifname=a/b: letters, digits");
    let route = saying("routes", Value::Texts(vec!["nowhere".to_owned()]));
    asked(case.endpoint(&route), Rule::Reply, "option routes=nowhere: DESTINATION=NEXT-HOP");
    refused(Case::default().endpoint(&name), Rule::Reply, 0, &["the plan: ", "interface-name"]);
}

#[test]
fn what_a_mode_may_do_is_not_the_users() {
    let case = Case::granted(&["host-address", "nat"]);
    let denial = case.network(&named("br-lab")).unwrap_err();
    assert_eq!((denial.rule, denial.asked), (Rule::Grant, None));
}

#[test]
fn what_is_said_of_an_option_steers_no_terminal() {
    let mut case = Case::default();
    case.endpoint.options = vec![text("ifname", "a\u{1b}[2J")];
    let plan = Plan { reply: vec![text("interface-name", "a\u{1b}[2J")], ..endpoint_plan() };
    let said = case.endpoint(&plan).unwrap_err().to_string();
    assert!(said.starts_with("option ifname=a\\u{1b}[2J: ") && !said.contains('\u{1b}'), "{said}");
}

#[test]
fn what_a_user_gave_is_the_users_though_it_cannot_be_seen() {
    let mut case = Case::default();
    case.endpoint.options = vec![text("routes", "10.0.0.0/8=10.1.0.254\u{200b}\n"), text("ifname", "lan\u{202e}0")];
    let says = |key: &str, value| Plan { reply: vec![Attribute::new(key, value)], ..endpoint_plan() };
    let route = says("routes", Value::Texts(vec!["10.0.0.0/8=10.1.0.254\\u{200b}\\n".to_owned()]));
    asked(case.endpoint(&route), Rule::Reply, "option routes=10.0.0.0/8=10.1.0.254\\u{200b}\\n: DESTINATION=NEXT-HOP");
    let name = says("interface-name", Value::Text("lan\\u{202e}0".to_owned()));
    asked(case.endpoint(&name), Rule::Reply, "option ifname=lan\\u{202e}0: letters, digits");
}

#[test]
fn a_name_that_cannot_be_seen_is_the_users() {
    let case = Case::option("ovn.switch", "lan\u{feff}");
    let switch = |name: &str| {
        let (vrf, subnets) = ("blue".to_owned(), case.network.subnets.iter().map(|subnet| subnet.pool).collect());
        let switch = LogicalSwitch { vrf, subnets, name: Some(name.to_owned()) };
        Plan { steps: vec![step("switch", Action::LogicalSwitch(switch))], reply: Vec::new() }
    };
    let said = "option ovn.switch=lan\\u{feff}: it has characters that cannot be seen: name it without them";
    asked(case.network(&switch("lan\\u{feff}")), Rule::Name, said);
    refused(case.network(&switch("lan")), Rule::Name, 1, &["nobody asked for this VRF or switch"]);
}
