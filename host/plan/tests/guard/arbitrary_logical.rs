//! Arbitrary plans of logical networks: whatever is admitted stays within the network, its VRF and the configuration,
//! judged here in other words.

use ipnet::IpNet;
use plan::{
    Acl, Action, Admitted, Attachment, HostPort, Label, Localnet, LogicalNat, LogicalRouter, LogicalSwitch, Plan,
    RouteVia, RouterPort, StaticRoute, Step, Verdict, VlanId,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::fixture::{net, network};
use crate::logical::{by_host, by_wire, case};

const LABELS: [&str; 6] = ["switch", "router", "join", "outside", "host", "more"];
const NETS: [&str; 12] = [
    "10.1.0.0/24",
    "fd01::/64",
    "10.1.0.1/24",
    "10.1.0.5/24",
    "100.64.0.4/30",
    "100.64.0.5/30",
    "100.64.0.6/30",
    "192.0.2.0/24",
    "192.0.2.10/24",
    "10.2.0.0/24",
    "0.0.0.0/0",
    "::/0",
];

fn label() -> impl Strategy<Value = Label> {
    select(&LABELS[..]).prop_map(|text| Label::new(text).unwrap())
}

fn one() -> impl Strategy<Value = IpNet> {
    select(&NETS[..]).prop_map(net)
}

fn nets() -> impl Strategy<Value = Vec<IpNet>> {
    vec(one(), 0..3)
}

fn words(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(words).prop_map(str::to_owned)
}

fn action() -> impl Strategy<Value = Action> {
    let vrf = || words(&["blue", "blue", "blue", "red", "theirs"]);
    let named = option::weighted(0.3, words(&["theirs", "another"]));
    prop_oneof![
        (vrf(), nets(), named).prop_map(|(vrf, subnets, name)| Action::LogicalSwitch(LogicalSwitch {
            vrf,
            subnets,
            name
        })),
        vrf().prop_map(|vrf| Action::LogicalRouter(LogicalRouter { vrf })),
        (label(), label(), nets(), vec(words(&["host-a", "host-c"]), 0..2)).prop_map(
            |(router, switch, addresses, chassis)| {
                Action::RouterPort(RouterPort { router, switch, addresses, chassis })
            }
        ),
        (label(), one(), one()).prop_map(|(router, destination, hop)| {
            Action::StaticRoute(StaticRoute { router, route: RouteVia { destination, next_hop: hop.addr() } })
        }),
        (label(), words(&["wire", "other"]), option::of(select(&[7_u16, 8][..]))).prop_map(
            |(switch, network, vlan)| {
                Action::Localnet(Localnet { switch, network, vlan: vlan.map(|id| VlanId::new(id).unwrap()) })
            }
        ),
        (label(), nets(), nets()).prop_map(|(switch, sources, destinations)| {
            let (priority, protocol, port, verdict) = (1, None, None, Verdict::Allow);
            Action::Acl(Acl { switch, priority, sources, destinations, protocol, port, verdict })
        }),
        (label(), one(), nets()).prop_map(|(router, external, sources)| {
            Action::LogicalNat(LogicalNat { router, external: external.addr(), sources })
        }),
        (label(), nets()).prop_map(|(switch, addresses)| {
            Action::HostPort(HostPort::new(Attachment::LogicalSwitch(switch), addresses))
        }),
    ]
}

/// Plans that were right, with a few steps replaced or added.
fn plans() -> impl Strategy<Value = Plan> {
    let edit = (any::<Index>(), any::<bool>(), action());
    (select(vec![by_host(), by_wire()]), vec(edit, 0..3)).prop_map(|(mut plan, edits)| {
        for (number, (at, replaces, action)) in edits.into_iter().enumerate() {
            let at = at.index(plan.steps.len());
            if replaces {
                plan.steps[at].action = action;
            } else {
                let label = format!("new-{number}");
                plan.steps.insert(at, Step { label, action, why: None, shared: None });
            }
        }
        plan
    })
}

fn is_own(net: &IpNet) -> bool {
    network().subnets.iter().any(|subnet| subnet.pool.contains(net))
}

/// What must hold of any admitted plan.
fn keeps_the_rules(plan: &Admitted) {
    let switch = |label: &Label| match &plan.step(label).unwrap().action {
        Action::LogicalSwitch(switch) => switch.clone(),
        other => panic!("{} is no switch", other.kind()),
    };
    for step in &plan.steps {
        match &step.action {
            Action::LogicalSwitch(switch) => {
                assert!(switch.name.as_deref().is_none_or(|name| name == "theirs"));
                assert!(switch.name.is_some() || ["blue", "theirs"].contains(&&*switch.vrf), "{}", switch.vrf);
                let known = |subnet: &IpNet| {
                    is_own(subnet)
                        || ["192.0.2.0/24", "100.64.0.4/30", "fd6f:766e::/126"].contains(&&*subnet.to_string())
                };
                assert!(switch.subnets.iter().all(known));
            }
            Action::LogicalRouter(router) => assert!(["blue", "theirs"].contains(&&*router.vrf)),
            Action::RouterPort(port) => {
                let ours = [
                    "10.1.0.1/24",
                    "fd01::1/64",
                    "100.64.0.5/30",
                    "100.64.0.6/30",
                    "fd6f:766e::1/126",
                    "192.0.2.10/24",
                ];
                assert!(port.addresses.iter().all(|net| ours.contains(&&*net.to_string())), "{:?}", port.addresses);
                assert!(port.chassis.iter().all(|chassis| chassis != "host-c"));
                assert!(switch(&port.switch).name.is_none());
            }
            Action::StaticRoute(added) => match &plan.step(&added.router).unwrap().action {
                Action::HostPort(_) => assert!(is_own(&added.route.destination)),
                _ => assert!(added.route.destination.prefix_len() == 0 && !is_own(&added.route.next_hop.into())),
            },
            Action::Localnet(localnet) => {
                assert_eq!((&*localnet.network, localnet.vlan), ("wire", VlanId::new(7).ok()));
                assert_eq!(switch(&localnet.switch).subnets, [net("192.0.2.0/24")]);
            }
            Action::Acl(acl) => {
                let switch = switch(&acl.switch);
                let side = |nets: &[IpNet]| !nets.is_empty() && nets.iter().all(|net| is_own(&net.trunc()));
                assert!(switch.name.is_none());
                assert!(switch.subnets.iter().all(is_own) || side(&acl.sources) || side(&acl.destinations));
            }
            Action::LogicalNat(nat) => {
                assert_eq!(nat.external.to_string(), "192.0.2.10");
                assert!(nat.sources.iter().all(is_own));
            }
            Action::HostPort(port) => {
                let ours =
                    ["10.1.0.1/24", "10.1.0.7/24", "fd01::1/64", "100.64.0.5/30", "100.64.0.6/30", "fd6f:766e::2/126"];
                assert!(port.addresses.iter().all(|net| ours.contains(&&*net.to_string())), "{:?}", port.addresses);
            }
            Action::Masquerade(_) | Action::Forward(_) => {}
            other => panic!("{}", other.kind()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_admitted_stays_within_its_vrf(plan in plans()) {
        if let Ok(admitted) = case().network(&plan) {
            keeps_the_rules(&admitted);
        }
    }
}
