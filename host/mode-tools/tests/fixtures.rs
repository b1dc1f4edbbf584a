//! What fixtures can say, how they are put together, and what is said of those that are wrong.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use mode_tools::fixture::{Address, Call, Endpoint, Fixture, Gateway, Kind, Network, Plan, Run, Step, Subnet, Written};
use plan::{Action, Attribute, HostFacts, NetworkId, Value};

fn parse(text: &str) -> Result<Fixture, String> {
    Fixture::parse(text, Path::new("tests/x.toml")).map_err(|error| error.to_string())
}

fn wrong(text: &str) -> String {
    let groups = parse(text).and_then(|fixture| fixture.groups(Path::new("tests/x.toml")).map_err(|it| it.to_string()));
    groups.unwrap_err()
}

fn runs(text: &str) -> Vec<Run> {
    let groups = parse(text).unwrap().groups(Path::new("x")).unwrap();
    groups.into_iter().flat_map(|group| group.runs).collect()
}

/// One of everything.
const EVERYTHING: &str = r#"
[defaults]
grants = ["nat", "uplink=eth1", "vlan=100-199"]
network = { id = "net", internal = true, options = { mtu = 1500, icc = true, routes = ["a", "b"], bridge = "br-lab" } }
ports = ["[::1]:53:5353/udp"]

[defaults.host]
kernel-datapath = false
interfaces = [
    { name = "eth1", alternatives = ["enp1s0"], kind = "vlan", master = "bond0", parent = "bond0", addressed = true },
    { name = "bond0", default-route = true, ours = true, mtu = 9000 },
]
bridges = [{ name = "br-lab", owner = "other-network", controller = true, interfaces = ["eth1"] }]

[[case]]
name = "a plan"
call = "plan-network"
max-fuel = 1000
network.subnets = ["10.0.0.0/24", { pool = "fd00::/64", gateway = "none", auxiliary = { host = "fd00::9" } }]
network.facts = { "host.mtu" = 9000 }

[[case.expect.plan.steps]]
label = "bridge"
bridge = { name = "br-lab", datapath = "netdev" }
why = "because"
[[case.expect.plan.steps]]
label = "uplink"
uplink = { bridge = "bridge", name = "eth1", vlan = 7, trunks = [8, 9] }
[[case.expect.plan.steps]]
label = "host"
host-port = { bridge = "bridge", addresses = ["10.0.0.1/24"], vlan = 7, mtu = 1500 }
[[case.expect.plan.steps]]
label = "masquerade"
masquerade = { port = "host", sources = ["10.0.0.0/24"] }
[[case.expect.plan.steps]]
label = "forward"
forward = { port = "host", hairpin = true }
[[case.expect.plan.steps]]
label = "more"
custom = { kind = "qos@1", arguments = { rate = 7 } }

[[case]]
name = "a reply"
call = "plan-endpoint"
[case.endpoint]
id = "ep"
mac = "02:00:00:00:00:05"
addresses = ["10.0.0.5", "fd00::5/64"]
options = { vlan = 7 }
facts = {}
[case.expect.plan]
steps = [{ label = "port", endpoint-port = { bridge = "bridge", vlan = 7, trunks = [8], mtu = 1400, isolated = true } }]
[case.expect.plan.reply]
gateway = "10.0.0.1"
gateway6 = "fd00::1"
routes = ["10.0.0.0/8=10.0.0.254"]
interface-prefix = "lan"
interface-name = "lan0"

[[case]]
name = "a port"
call = "plan-publish"
endpoint = { addresses = [] }
[[case.expect.plan.steps]]
label = "publish"
[case.expect.plan.steps.publish]
port = "host"
protocol = "udp"
host-address = "::1"
host-port = 53
target = "fd00::5"
target-port = 5353
translate = true

[[matrix]]
name = "a matrix"
call = "plan-network"
vary = { "network.options.mtu" = [68, 1500], ports = [["80:80"]] }
expect.refusal = { class = "conflict", code = "taken", at = "mtu" }
"#;

#[test]
fn what_is_written_is_read_again() {
    let fixture = parse(EVERYTHING).unwrap();
    let written = toml::to_string(&fixture).unwrap();
    assert_eq!(parse(&written).unwrap(), fixture, "{written}");
    assert_eq!(fixture.groups(Path::new("x")).unwrap().len(), 4);
}

#[test]
fn defaults_are_merged_key_by_key_and_lists_are_not() {
    let runs = runs(EVERYTHING);
    let network = runs[0].case.network.clone().unwrap();
    assert_eq!(network.id, Some(NetworkId::new("net").unwrap()));
    assert_eq!((network.internal, network.options.len()), (Some(true), 4));
    assert_eq!(network.subnets.unwrap()[1].gateway, Some(Gateway::None));
    let endpoint = runs[1].case.endpoint.clone().unwrap();
    assert_eq!(endpoint.facts.map(|facts| facts.len()), Some(0));
    let addresses = endpoint.addresses.unwrap();
    assert!(matches!(addresses[..], [Address::InPool(_), Address::Net(_)]), "{addresses:?}");
    assert_eq!(runs[3].case.ports.clone().unwrap()[0].to_string(), "80:80");
}

#[test]
fn a_matrix_is_every_combination_once() {
    let text = r#"
        [[matrix]]
        name = "all"
        call = "plan-network"
        network.options = { icc = true }
        vary = { "network.options.a.b" = ["x", 1], "network.facts.host.mtu" = [68, 1500, 9000], "network.internal" = [true] }
    "#;
    let runs = runs(text);
    let values: Vec<&str> = runs.iter().map(|run| run.values.as_str()).collect();
    assert_eq!(values.len(), 6);
    assert_eq!((values[0], values[5]), ("host.mtu=68, internal=true, a.b=x", "host.mtu=9000, internal=true, a.b=1"));
    let network = runs[5].case.network.clone().unwrap();
    assert_eq!(network.options["a.b"], Written::Integer(1));
    assert_eq!((network.options.len(), network.facts.unwrap()["host.mtu"].clone()), (2, Written::Integer(9000)));
    assert_eq!(runs[0].case.call, Call::PlanNetwork);
    assert_eq!(parse(text).unwrap().groups(Path::new("x")).unwrap()[0].kind, Kind::Matrix);
}

#[test]
fn an_error_names_the_file_the_case_the_key_and_what_was_meant() {
    let case = |more: &str| wrong(&format!("[[case]]\nname = \"one\"\ncall = \"plan-network\"\n{more}"));
    let said = case("netwrok = {}");
    assert_eq!(said, "tests/x.toml: case \"one\": there is no key netwrok: did you mean network?");
    let said = case("endpoint = { adresses = [] }");
    assert_eq!(said, "tests/x.toml: case \"one\": endpoint: there is no key adresses: did you mean addresses?");
    let said = case("expect.plan.steps = [{ label = \"port\", endpoint-port = { bridge = \"b\", mtuu = 1 } }]");
    let place = "tests/x.toml: case \"one\": expect.plan.steps.\"port\".endpoint-port: ";
    assert_eq!(said, format!("{place}there is no key mtuu: did you mean mtu?"));
    let said = case("expect.denied = { rule = \"uplnik\" }");
    assert!(said.contains("expect.denied.rule: \"uplnik\" is none of size,") && said.ends_with("did you mean uplink?"));
    assert!(case("max-fuel = -1").contains("max-fuel: invalid value: integer `-1`, expected u64"));
    assert!(case("endpoint.addresses = [\"10.0.0\"]").contains("endpoint.addresses.1: \"10.0.0\" is no address"));
    assert!(case("ports = [\"80\"]").contains("ports.1: \"80\": [HOST-ADDRESS:]HOST-PORT:PORT"));
    assert!(case("grants = [\"root\"]").contains("grants.1: \"root\" is not a grant"));
    assert!(case("network.subnets = [{ gateway = \"none\" }]").contains("network.subnets.1: the key pool is missing"));
    assert!(case("network.options = { mtu = 1.5 }").contains("network.options.mtu: invalid type: floating point"));
    assert!(case("network.id = 2026-01-01").contains("network.id: 2026-01-01 is a date"));
    assert_eq!(wrong("[defalts]"), "tests/x.toml: there is no key defalts: did you mean defaults?");
    assert!(wrong("[defaults]\nhosts = {}").starts_with("tests/x.toml: defaults: there is no key hosts"));
    assert!(wrong("[[case]]\nname = 1").starts_with("tests/x.toml: case 1: name: invalid type: integer"));
    assert!(wrong("case = 1").contains("expected a sequence"));
    assert!(wrong("[[case").contains("it is not TOML: TOML parse error at line 1"));
}

#[test]
fn what_is_expected_is_one_thing() {
    let case = |more: &str| wrong(&format!("[[case]]\nname = \"one\"\ncall = \"plan-network\"\nexpect = {{ {more} }}"));
    assert!(case("").contains("case \"one\": expect: it expects nothing: leave it out for --bless, or say what"));
    assert!(case("plan = {}, bad-option = \"mtu\"").contains("one of plan, refusal, denied and bad-option"));
    let said = case("plan.steps = [{ label = \"a\" }]");
    assert!(said.contains("expect.plan.steps.\"a\": a step is a label and one action"), "{said}");
    assert!(case("plan.steps = [{ label = \"a\", bridge = {}, forward = { port = \"b\" } }]").contains("one action"));
}

#[test]
fn what_varies_has_a_place_and_values() {
    let matrix = |vary: &str| wrong(&format!("[[matrix]]\nname = \"m\"\ncall = \"plan-network\"\nvary = {{ {vary} }}"));
    assert!(matrix("mtu = [1]").contains("matrix \"m\": vary.mtu: what varies begins with grants, network"));
    assert!(matrix("\"network.options.mtu\" = []").contains("1 value or more are wanted"));
    assert!(matrix("\"network.internal.x\" = [1]").contains("network.internal: invalid type"));
    assert!(matrix("\"network.subnet\" = [[]]").contains("network: there is no key subnet"));
    let many: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    let many = many.join(",");
    assert!(
        matrix(&format!("\"network.options.a\" = [{many}], \"network.options.b\" = [{many}]")).contains("at most 4096")
    );
}

#[test]
fn what_a_mode_was_asked_can_be_written_down() {
    let subnet = plan::Subnet {
        pool: "10.0.0.0/24".parse().unwrap(),
        gateway: Some("10.0.0.1/24".parse().unwrap()),
        auxiliary: vec![Attribute::new("router", Value::Address("10.0.0.9".parse().unwrap()))],
    };
    let described = Subnet::of(&subnet);
    assert_eq!(described.gateway, Some(Gateway::Address("10.0.0.1".parse().unwrap())));
    assert_eq!(described.auxiliary["router"].to_string(), "10.0.0.9");
    let network = plan::Network {
        id: NetworkId::new("net").unwrap(),
        internal: false,
        subnets: vec![subnet],
        options: vec![Attribute::new("host_binding", Value::Address("::1".parse().unwrap()))],
        facts: Vec::new(),
    };
    let described = Network::of(&network);
    assert_eq!(described.options["host_binding"], Written::from("::1"));
    assert_eq!(described.facts.map(|facts| facts.len()), Some(0), "it was told nothing, and that is said");
    let endpoint = plan::Endpoint {
        id: "ep".to_owned().try_into().unwrap(),
        mac: "02:00:00:00:00:05".parse().unwrap(),
        addresses: vec!["10.0.0.5/24".parse().unwrap()],
        options: Vec::new(),
        facts: Vec::new(),
    };
    assert_eq!(Endpoint::of(&endpoint).addresses.unwrap()[0].to_string(), "10.0.0.5/24");
    let bridge = Action::Bridge(plan::Bridge { name: None, datapath: plan::Datapath::Auto });
    let written = toml::to_string(&Plan { steps: vec![Step::of("bridge", &bridge)], ..Plan::default() }).unwrap();
    assert_eq!(written, "[[steps]]\nlabel = \"bridge\"\n\n[steps.bridge]\n");
}

/// One action of each kind, as contract 1.0.0 has them.
const ACTIONS: &str = r#"
steps = [
    { label = "bridge", shared = "uplink eth1", bridge = { name = "br-lab", datapath = "netdev" } },
    { label = "wire", shared = "uplink eth1", uplink = { bridge = "bridge", name = "eth1", vlan = 7, trunks = [8] } },
    { label = "mesh", tunnel = { bridge = "bridge", encapsulation = "geneve", vni = 7, peers = ["192.0.2.1"] } },
    { label = "host", host-port = { bridge = "bridge", addresses = ["10.1.0.1/24"], routes = ["10.2.0.0/16=10.1.0.9"] } },
    { label = "foot", host-port = { logical-switch = "switch", addresses = ["10.1.0.1/24"], mtu = 1442 } },
    { label = "port", endpoint-port = { logical-switch = "switch", mac = "02:00:00:00:00:05", secured = true, allowed = ["10.1.0.9/32", "02:00:00:00:00:09=10.1.0.8/32"], rate-ingress = 10000000, rate-egress = 1 } },
    { label = "switch", logical-switch = { vrf = "blue", subnets = ["10.1.0.0/24"], name = "theirs" } },
    { label = "router", logical-router = { vrf = "blue" } },
    { label = "gateway", router-port = { router = "router", switch = "switch", addresses = ["10.1.0.1/24"], chassis = ["a"] } },
    { label = "route", static-route = { router = "router", route = "0.0.0.0/0=10.1.0.9" } },
    { label = "outside", localnet = { switch = "switch", network = "wan", vlan = 7 } },
    { label = "rule", acl = { switch = "switch", priority = 1, sources = ["10.1.0.0/24"], protocol = "tcp", port = 80, verdict = "allow-related" } },
    { label = "web", load-balancer = { router = "router", protocol = "udp", address = "192.0.2.9", port = 53, target = "10.1.0.5", target-port = 5353 } },
    { label = "nat", logical-nat = { router = "router", external = "192.0.2.9", sources = ["10.1.0.0/24"] } },
]
reply = { docker-gateway = true }
"#;

#[test]
fn every_action_is_written_as_it_is_read() {
    let written: Plan = toml::from_str(ACTIONS).unwrap();
    let again: Plan = toml::from_str(&toml::to_string(&written).unwrap()).unwrap();
    assert_eq!(again, written);
    let switch = || plan::Label::new("switch").unwrap();
    let port = plan::HostPort::new(plan::Attachment::LogicalSwitch(switch()), vec!["10.1.0.1/24".parse().unwrap()]);
    let foot = Step::of("foot", &Action::HostPort(plan::HostPort { mtu: Some(1442), ..port }));
    assert_eq!(written.steps[4], foot);
    let allowed = [(None, "10.1.0.9/32"), ("02:00:00:00:00:09".parse().ok(), "10.1.0.8/32")];
    let allowed = allowed.map(|(mac, address)| plan::Station { mac, address: address.parse().unwrap() });
    let mac = "02:00:00:00:00:05".parse().unwrap();
    let link = plan::EndpointPort {
        secured: true,
        allowed: allowed.to_vec(),
        rate_ingress: Some(10_000_000),
        rate_egress: Some(1),
        ..plan::EndpointPort::new(plan::Attachment::LogicalSwitch(switch()), mac, Vec::new())
    };
    assert_eq!(written.steps[5], Step::of("port", &Action::EndpointPort(link)));
    let next_hop = "10.1.0.9".parse().unwrap();
    let route = plan::RouteVia { destination: "0.0.0.0/0".parse().unwrap(), next_hop };
    let route = Action::StaticRoute(plan::StaticRoute { router: plan::Label::new("router").unwrap(), route });
    assert_eq!(written.steps[9], Step::of("route", &route));
}

#[test]
fn a_port_is_plugged_into_one_thing() {
    for on in ["", "bridge = \"b\", logical-switch = \"s\""] {
        let steps = format!("expect.plan.steps = [{{ label = \"port\", endpoint-port = {{ {on} }} }}]");
        let said = wrong(&format!("[[case]]\nname = \"one\"\ncall = \"plan-endpoint\"\nendpoint = {{}}\n{steps}"));
        assert!(said.ends_with("a port is on one bridge or on one logical-switch"), "{said}");
    }
}

#[test]
fn a_host_is_what_is_said_of_it_and_else_made_up() {
    let host = parse(EVERYTHING).unwrap().defaults.host.unwrap();
    let network = NetworkId::new("net").unwrap();
    let facts = host.snapshot(&network, HostFacts { kernel_datapath: true, ..HostFacts::default() }).unwrap();
    assert!(!facts.kernel_datapath);
    let link = facts.interface("enp1s0").unwrap();
    assert_eq!((link.index, link.master, link.parent, link.mtu), (1, Some(2), Some(2), 1500));
    assert!(matches!(&facts.bridges[0].owner, plan::BridgeOwner::Network(other) if *other != network));
    assert_eq!(facts.bridges[0].interfaces, ["br-lab", "eth1"]);
    let mut cut = host.clone();
    cut.interfaces.as_mut().unwrap().truncate(1);
    assert_eq!(cut.snapshot(&network, HostFacts::default()).unwrap_err(), "bond0");
}
