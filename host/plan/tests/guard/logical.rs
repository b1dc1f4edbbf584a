//! Logical networks: a network's own switch, its VRF's router and ways out, and what none of them may do.

use ipnet::IpNet;
use plan::{
    Acl, Action, Asked, Attachment, Attribute, EndpointPort, HostPort, Localnet, LogicalNat, LogicalRouter,
    LogicalSwitch, NetworkId, Plan, RouteVia, RouterPort, Rule, SharedStep, StaticRoute, Value, Verdict, VlanId, admit,
    readmit,
};

use crate::fixture::{Case, endpoint, forward, label, masquerade, net, refused, step, text};

const POOLS: [&str; 2] = ["10.1.0.0/24", "fd01::/64"];
const JOIN: [&str; 2] = ["100.64.0.4/30", "fd6f:766e::/126"];

fn nets(texts: &[&str]) -> Vec<IpNet> {
    texts.iter().map(|text| net(text)).collect()
}

fn switch(subnets: &[&str]) -> LogicalSwitch {
    LogicalSwitch { vrf: "blue".to_owned(), subnets: nets(subnets), name: None }
}

fn port(switch: &str, addresses: &[&str]) -> RouterPort {
    RouterPort { router: label("router"), switch: label(switch), addresses: nets(addresses), chassis: Vec::new() }
}

fn route(router: &str, destination: &str, next_hop: &str) -> Action {
    let route = RouteVia { destination: net(destination), next_hop: next_hop.parse().unwrap() };
    Action::StaticRoute(StaticRoute { router: label(router), route })
}

fn acl(switch: &str, sources: &[&str], destinations: &[&str]) -> Acl {
    Acl {
        switch: label(switch),
        priority: 1000,
        sources: nets(sources),
        destinations: nets(destinations),
        protocol: None,
        port: None,
        verdict: Verdict::Drop,
    }
}

fn host(addresses: &[&str]) -> HostPort {
    HostPort::new(Attachment::LogicalSwitch(label("join")), nets(addresses))
}

/// A network of VRF blue in a configuration with a physical network.
pub(crate) fn case() -> Case {
    let mut case = Case::option("vrf", "blue");
    case.network.options.push(text("ovn.switch", "theirs"));
    let texts = |key: &str, texts: &[&str]| {
        Attribute::new(key, Value::Texts(texts.iter().map(|&text| text.to_owned()).collect()))
    };
    case.network.facts = vec![
        text("ovn.external.physnet", "wire"),
        Attribute::new("ovn.external.vlan", Value::Integer(7)),
        texts("ovn.external.addresses", &["192.0.2.10/24"]),
        texts("ovn.external.chassis", &["host-a", "host-b"]),
    ];
    case
}

/// A network that leaves by the host that a container is on.
pub(crate) fn by_host() -> Plan {
    let steps = vec![
        step("switch", Action::LogicalSwitch(switch(&POOLS))),
        step("no-icc", Action::Acl(acl("switch", &POOLS, &["10.1.0.0/24", "fe80::/10", "224.0.0.0/4"]))),
        step("router", Action::LogicalRouter(LogicalRouter { vrf: "blue".to_owned() })),
        step("gateway", Action::RouterPort(port("switch", &["10.1.0.1/24", "fd01::1/64"]))),
        step("join", Action::LogicalSwitch(switch(&JOIN))),
        step("join-port", Action::RouterPort(port("join", &["100.64.0.5/30", "fd6f:766e::1/126"]))),
        step("default", route("router", "0.0.0.0/0", "100.64.0.6")),
        step("out", Action::Acl(acl("join", &POOLS, &[]))),
        step("back", Action::Acl(acl("join", &[], &POOLS))),
        step("host", Action::HostPort(host(&["100.64.0.6/30", "fd6f:766e::2/126"]))),
        step("route", route("host", "10.1.0.0/24", "100.64.0.5")),
        step("forward", forward("host")),
        step("masquerade", masquerade("host", &["10.1.0.0/24"])),
    ];
    Plan { steps, reply: Vec::new() }
}

/// A network that leaves by a physical network.
pub(crate) fn by_wire() -> Plan {
    let outside = RouterPort { chassis: vec!["host-b".to_owned()], ..port("outside", &["192.0.2.10/24"]) };
    let wire = Localnet { switch: label("outside"), network: "wire".to_owned(), vlan: VlanId::new(7).ok() };
    let nat = LogicalNat {
        router: label("router"),
        external: "192.0.2.10".parse().unwrap(),
        sources: nets(&["10.1.0.0/24"]),
    };
    let steps = vec![
        step("switch", Action::LogicalSwitch(switch(&POOLS))),
        step("router", Action::LogicalRouter(LogicalRouter { vrf: "blue".to_owned() })),
        step("gateway", Action::RouterPort(port("switch", &["10.1.0.1/24", "fd01::1/64"]))),
        step("outside", Action::LogicalSwitch(switch(&["192.0.2.0/24"]))),
        step("wire", Action::Localnet(wire)),
        step("outside-port", Action::RouterPort(outside)),
        step("default", route("router", "0.0.0.0/0", "192.0.2.1")),
        step("nat", Action::LogicalNat(nat)),
    ];
    Plan { steps, reply: Vec::new() }
}

/// A plan with one step's action changed.
fn with(mut plan: Plan, label: &str, change: impl FnOnce(&mut Action)) -> Plan {
    change(&mut plan.steps.iter_mut().find(|step| step.label == label).unwrap().action);
    plan
}

/// What is said of the plan with this step in the place of the one of its label, or at its end.
#[track_caller]
fn denies(plan: Plan, at: &str, action: Action, rule: Rule, words: &[&str]) {
    let mut plan = plan;
    let number = plan.steps.iter().position(|step| step.label == at).unwrap_or(plan.steps.len());
    plan.steps.truncate(number);
    plan.steps.push(step(at, action));
    refused(case().network(&plan), rule, number + 1, words);
}

#[test]
fn what_is_right_is_admitted() {
    case().network(&by_host()).unwrap();
    case().network(&by_wire()).unwrap();
    let named = LogicalSwitch { name: Some("theirs".to_owned()), ..switch(&POOLS) };
    let theirs = Plan { steps: vec![step("switch", Action::LogicalSwitch(named))], reply: Vec::new() };
    case().network(&theirs).unwrap();
}

#[test]
fn a_vrf_and_a_switch_are_granted_and_asked_for() {
    let grants = ["ovn=blue", "host-address", "nat"];
    let granted = |grants: &[&str]| Case { grants: Case::granted(grants).grants, ..case() };
    assert!(granted(&grants).network(&by_host()).is_ok());
    let red = granted(&["ovn=red", "host-address", "nat"]);
    refused(red.network(&by_host()), Rule::Grant, 1, &["ovn=blue is not granted"]);
    let mut nobodys = case();
    nobodys.network.options.retain(|option| option.key != "vrf" && option.key != "ovn.switch");
    refused(nobodys.network(&by_host()), Rule::Name, 1, &["blue", "nobody asked for this VRF or switch"]);
    let named = LogicalSwitch { name: Some("theirs".to_owned()), ..switch(&POOLS) };
    let plan = Plan { steps: vec![step("switch", Action::LogicalSwitch(named))], reply: Vec::new() };
    refused(nobodys.network(&plan), Rule::Name, 1, &["theirs"]);
    refused(granted(&["ovn=blue"]).network(&plan), Rule::Grant, 1, &["ovn=theirs is not granted"]);
    assert!(granted(&["ovn=theirs"]).network(&plan).is_ok());
}

#[test]
fn a_plan_is_in_one_vrf_that_can_be_one() {
    let mut case = case();
    case.network.options.push(text("vrf", "red"));
    let red = LogicalRouter { vrf: "red".to_owned() };
    let plan = with(by_host(), "router", |action| *action = Action::LogicalRouter(red));
    refused(case.network(&plan), Rule::Logical, 3, &["VRF red", "an earlier step says blue"]);
    for vrf in ["", "a b", "a\n", &"x".repeat(65)] {
        let strange = LogicalSwitch { vrf: vrf.to_owned(), ..switch(&POOLS) };
        denies(by_host(), "switch", Action::LogicalSwitch(strange), Rule::Logical, &["a VRF is 1 to 64 letters"]);
    }
    let twice = LogicalRouter { vrf: "blue".to_owned() };
    denies(by_host(), "again", Action::LogicalRouter(twice), Rule::Logical, &["\"router\" is it already"]);
}

#[test]
fn a_switch_is_the_networks_or_its_vrfs() {
    let strange = [
        (&["10.2.0.0/24"][..], "10.2.0.0/24"),
        (&["10.1.0.0/25"], "10.1.0.0/25"),
        (&["10.1.0.0/24", "100.64.0.4/30"], "100.64.0.4/30"),
        (&["100.64.5.0/24"], "joins of two stations"),
        (&["100.64.0.6/31"], "joins of two stations"),
        (&["fd6f:766e::/120"], "joins of two stations"),
        (&["100.128.0.4/30"], "100.128.0.4/30"),
        (&["fd02::/64"], "fd02::/64"),
        (&["fd01::/126"], "that no pool holds"),
        (&[], "[]"),
    ];
    for (subnets, words) in strange {
        denies(by_host(), "strange", Action::LogicalSwitch(switch(subnets)), Rule::Logical, &[words]);
    }
    denies(
        by_host(),
        "again",
        Action::LogicalSwitch(switch(&POOLS[..1])),
        Rule::Logical,
        &["\"switch\" is it already"],
    );
    let theirs = LogicalSwitch { name: Some("theirs".to_owned()), ..switch(&["10.2.0.0/24"]) };
    let first = Plan { steps: Vec::new(), reply: Vec::new() };
    denies(
        first.clone(),
        "switch",
        Action::LogicalSwitch(theirs),
        Rule::Logical,
        &["10.2.0.0/24", "the network's pools"],
    );
    let join = LogicalSwitch { name: Some("docker-ovs-blue-100.64.0.4/30".to_owned()), ..switch(&POOLS) };
    denies(first, "switch", Action::LogicalSwitch(join), Rule::Logical, &["100.64.0.4/30", "by their vrf and subnets"]);
}

#[test]
fn what_is_the_vrfs_own_is_no_other_networks() {
    let beside = |vrf: &str, pool: &str| {
        let mut case = case();
        case.host.vrfs.insert(vrf.to_owned(), nets(&["10.1.0.0/24", pool]));
        case
    };
    for pool in ["100.64.0.4/30", "100.64.0.0/10", "fd6f:766e::/126"] {
        refused(beside("blue", pool).network(&by_host()), Rule::Logical, 5, &["another network of VRF blue has", pool]);
        assert!(beside("red", pool).network(&by_host()).is_ok(), "that is another switch");
    }
    for pool in ["192.0.2.0/24", "192.0.2.128/25"] {
        refused(beside("blue", pool).network(&by_wire()), Rule::Logical, 4, &["another network of VRF blue has", pool]);
    }
    let made = case().network(&by_host()).unwrap();
    let late = beside("blue", "100.64.0.4/30");
    assert!(readmit(&made, &late.request(Asked::Network)).is_ok(), "what is there was first");
}

#[test]
fn no_two_vrfs_are_joined_to_a_host_by_the_same_subnet() {
    let shared = |key: &str| {
        let mut plan = by_host();
        for at in [4, 9] {
            plan.steps[at].shared = Some(key.to_owned());
        }
        plan
    };
    let mut case = case();
    let theirs = case.network(&shared("vrf red")).unwrap().steps;
    let (id, holder) = (NetworkId::of_shared("lab", "vrf red"), NetworkId::new("other").unwrap());
    let theirs = theirs.into_iter().filter(|step| step.shared.is_some());
    case.host.shared = theirs.map(|step| SharedStep { id: id.clone(), holder: holder.clone(), step }).collect();
    let words = ["100.64.0.6/30", "\"vrf red\"", "network other", "give the VRF another name"];
    refused(case.network(&shared("vrf blue")), Rule::HostAddress, 10, &words);
}

#[test]
fn a_router_has_the_gateways_addresses_and_the_configurations() {
    let table = [
        ("gateway", port("switch", &["10.1.0.9/24"]), "take the gateway's"),
        ("gateway", port("switch", &["10.1.0.1/16"]), "no station's in a subnet of the switch"),
        ("gateway", port("switch", &[]), "no address"),
        ("gateway", port("switch", &["10.1.0.1/24", "10.1.0.1/24"]), "it is there twice"),
        ("outside-port", port("outside", &["192.0.2.11/24"]), "the configuration has other addresses"),
        ("outside-port", port("switch", &["10.1.0.1/24"]), "a second port on \"switch\""),
    ];
    for (at, port, words) in table {
        denies(by_wire(), at, Action::RouterPort(port), Rule::Logical, &[words]);
    }
    let at = |switch: &str, address: &str, chassis: &str| {
        Action::RouterPort(RouterPort { chassis: vec![chassis.to_owned()], ..port(switch, &[address]) })
    };
    let elsewhere = at("outside", "192.0.2.10/24", "host-c");
    denies(by_wire(), "outside-port", elsewhere, Rule::Logical, &["host host-c", "other hosts for the router"]);
    let here = at("switch", "10.1.0.1/24", "host-a");
    denies(by_wire(), "gateway", here, Rule::Logical, &["a router is everywhere but in a physical network"]);
    denies(
        by_host(),
        "join-port",
        Action::RouterPort(port("join", &["100.64.0.4/30"])),
        Rule::Logical,
        &["no station's"],
    );
}

#[test]
fn a_users_switch_is_its_owners() {
    let named = LogicalSwitch { name: Some("theirs".to_owned()), ..switch(&POOLS) };
    let theirs = || with(by_wire(), "switch", |action| *action = Action::LogicalSwitch(named.clone()));
    let gateway = Action::RouterPort(port("switch", &["10.1.0.1/24"]));
    denies(theirs(), "gateway", gateway, Rule::Logical, &["is its owner's to say"]);
    denies(theirs(), "gateway", Action::Acl(acl("switch", &POOLS, &[])), Rule::Logical, &["its owner's"]);
}

#[test]
fn routes_lead_out_of_the_vrf_or_where_the_user_asked() {
    let table = [
        (route("router", "10.9.0.0/16", "100.64.0.6"), "a route to 10.9.0.0/16"),
        (route("router", "0.0.0.0/0", "10.1.0.5"), "the default route by a way out"),
        (route("router", "0.0.0.0/0", "192.0.2.1"), "no port in its subnet"),
        (route("router", "0.0.0.0/0", "100.64.0.5"), "no other station"),
        (route("router", "::/0", "100.64.0.6"), "of one family"),
    ];
    for (action, words) in table {
        denies(by_host(), "default", action, Rule::Logical, &[words]);
    }
    denies(by_host(), "again", route("router", "0.0.0.0/0", "100.64.0.6"), Rule::Logical, &["a second route"]);
    denies(by_host(), "elsewhere", route("switch", "0.0.0.0/0", "100.64.0.6"), Rule::Reference, &["no logical-router"]);
    let mut plan = by_host();
    plan.steps.push(step("asked", route("router", "10.0.0.0/8", "10.1.0.254")));
    assert!(case().network(&plan).is_ok(), "the option routes says it");
}

#[test]
fn the_host_reaches_the_networks_own_pools_through_the_join() {
    let table = [
        (route("host", "10.2.0.0/16", "100.64.0.5"), "the network's own pools"),
        (route("host", "0.0.0.0/0", "100.64.0.5"), "the network's own pools"),
        (route("host", "10.1.0.0/24", "100.64.0.9"), "another station in a subnet of the port"),
        (route("host", "10.1.0.0/24", "100.64.0.6"), "another station in a subnet of the port"),
        (route("host", "10.1.0.0/24", "fd6f:766e::1"), "of one family"),
    ];
    for (action, words) in table {
        denies(by_host(), "route", action, Rule::HostAddress, &[words]);
    }
    let ports = [
        (host(&["100.64.0.5/30"]), "the router has it already"),
        (host(&["100.64.0.7/30"]), "no station's"),
        (host(&["100.64.0.6/24"]), "no station's"),
        (host(&["10.1.0.1/24"]), "no station's"),
    ];
    for (port, words) in ports {
        denies(by_host(), "host", Action::HostPort(port), Rule::HostAddress, &[words]);
    }
    let outside = HostPort::new(Attachment::LogicalSwitch(label("outside")), nets(&["192.0.2.7/24"]));
    denies(by_wire(), "host", Action::HostPort(outside), Rule::HostAddress, &["only routers are in the physical"]);
    let tagged = HostPort { vlan: VlanId::new(7).ok(), ..host(&["100.64.0.6/30"]) };
    denies(by_host(), "host", Action::HostPort(tagged), Rule::Logical, &["a logical switch has none"]);
}

#[test]
fn a_physical_network_is_the_configurations() {
    let wire = |network: &str, vlan, switch: &str| {
        Action::Localnet(Localnet { switch: label(switch), network: network.to_owned(), vlan: VlanId::new(vlan).ok() })
    };
    denies(by_wire(), "wire", wire("other", 7, "outside"), Rule::Logical, &["the configuration has another one"]);
    denies(by_wire(), "wire", wire("wire", 8, "outside"), Rule::Logical, &["with VLAN 8"]);
    denies(by_wire(), "wire", wire("wire", 0, "outside"), Rule::Logical, &["the configuration has another one"]);
    denies(by_wire(), "again", wire("wire", 7, "outside"), Rule::Logical, &["has one already"]);
    denies(by_wire(), "wire", wire("wire", 7, "switch"), Rule::Logical, &["the configuration's addresses"]);
}

#[test]
fn rules_are_about_the_networks_own_traffic() {
    for (sources, destinations) in [(&[][..], &[][..]), (&["0.0.0.0/0"], &[]), (&["10.1.0.0/24", "10.2.0.0/24"], &[])] {
        let rule = Action::Acl(acl("join", sources, destinations));
        denies(by_host(), "out", rule, Rule::Logical, &["other networks are on it, too"]);
    }
    let mut shared = by_host();
    shared.steps.push(step("closed", Action::Acl(acl("join", &[], &[]))));
    for at in [4, 13] {
        shared.steps[at].shared = Some("vrf blue".to_owned());
    }
    assert!(case().network(&shared).is_ok(), "what every network of the VRF says");
    let open = |at: &str, sources: &[&str], destinations: &[&str]| {
        let verdict = if sources.is_empty() { Verdict::Allow } else { Verdict::AllowRelated };
        let mut plan = if at == "join" { by_host() } else { by_wire() };
        plan.steps.push(step("open", Action::Acl(Acl { verdict, ..acl(at, sources, destinations) })));
        for step in plan.steps.iter_mut().filter(|step| [at, "open"].contains(&step.label.as_str())) {
            step.shared = Some("vrf blue".to_owned());
        }
        case().network(&plan)
    };
    for (sources, destinations) in [(&[][..], &[][..]), (&[], &["10.2.0.0/24"]), (&["100.64.0.5/32"], &[])] {
        refused(open("join", sources, destinations), Rule::Logical, 14, &["it would let others pass"]);
    }
    refused(open("outside", &[], &["192.0.2.0/24"]), Rule::Logical, 9, &["it would let others pass"]);
    assert!(open("outside", &["192.0.2.10/32"], &[]).is_ok() && open("outside", &[], &["192.0.2.10/32"]).is_ok());
    assert!(open("join", &[], &["10.1.0.0/24"]).is_ok());
    let table = [
        (Acl { priority: 32768, ..acl("switch", &[], &[]) }, "at most 32767"),
        (Acl { port: Some(80), ..acl("switch", &[], &[]) }, "of a protocol that is said"),
        (Acl { port: Some(0), protocol: Some(plan::Protocol::Tcp), ..acl("switch", &[], &[]) }, "1 to 65535"),
    ];
    for (rule, words) in table {
        denies(by_host(), "no-icc", Action::Acl(rule), Rule::Logical, &[words]);
    }
}

#[test]
fn only_the_networks_own_pools_are_translated_to_the_routers_address() {
    let nat = |external: &str, sources: &[&str]| {
        let (router, external) = (label("router"), external.parse().unwrap());
        Action::LogicalNat(LogicalNat { router, external, sources: nets(sources) })
    };
    let table = [
        (nat("192.0.2.11", &["10.1.0.0/24"]), "none of the router's addresses in the physical network"),
        (nat("10.1.0.1", &["10.1.0.0/24"]), "none of the router's addresses in the physical network"),
        (nat("192.0.2.10", &["10.2.0.0/24"]), "the network's pools are"),
        (nat("192.0.2.10", &["fd01::/64"]), "of another family"),
        (nat("192.0.2.10", &["10.1.0.0/24", "10.1.0.0/24"]), "it is translated already"),
        (nat("192.0.2.10", &[]), "no sources"),
    ];
    for (action, words) in table {
        denies(by_wire(), "nat", action, Rule::Nat, &[words]);
    }
    let again = nat("192.0.2.10", &["10.1.0.0/24"]);
    denies(by_wire(), "again", again, Rule::Nat, &["it is translated already"]);
}

#[test]
fn an_internal_network_has_no_router() {
    let mut case = case();
    case.network.internal = true;
    refused(case.network(&by_host()), Rule::Internal, 4, &["router-port"]);
    let mut plan = by_host();
    plan.steps.truncate(2);
    assert!(case.network(&plan).is_ok());
}

#[test]
fn a_containers_port_is_on_the_networks_own_switch() {
    let case = case();
    let of = case.network(&by_host()).unwrap();
    let judged = |port: EndpointPort| {
        let plan = Plan { steps: vec![step("link", Action::EndpointPort(port))], reply: Vec::new() };
        admit(&plan, &case.request(Asked::Endpoint { endpoint: &case.endpoint, of: &of }))
    };
    let on = |switch: &str| {
        let on = Attachment::LogicalSwitch(label(switch));
        EndpointPort { secured: true, ..EndpointPort::new(on, endpoint().mac, endpoint().addresses) }
    };
    assert!(judged(on("switch")).is_ok());
    refused(judged(on("join")), Rule::Logical, 1, &["take the network's own switch"]);
    refused(judged(on("router")), Rule::Reference, 1, &["is no logical-switch here"]);
    refused(judged(EndpointPort { isolated: true, ..on("switch") }), Rule::Logical, 1, &["say it with an acl"]);
    let tagged = EndpointPort { vlan: VlanId::new(7).ok(), ..on("switch") };
    refused(judged(tagged), Rule::Logical, 1, &["a logical switch has none"]);
}
