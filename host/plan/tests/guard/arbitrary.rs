//! Arbitrary plans: none makes the guard panic, and whatever is admitted keeps the rules, judged here in other words.

use std::collections::HashSet;

use ipnet::IpNet;
use plan::{
    Action, Admitted, AdmittedStep, Attachment, Attribute, Bridge, BridgeName, Custom, Datapath, EndpointPort, Forward,
    HostPort, InterfaceName, Label, MacAddress, Masquerade, Plan, Protocol, Publish, Step, Uplink, Value, VlanId,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::fixture::{Case, PORT, endpoint, endpoint_plan, net, network, network_plan, publish_plan, uplink};

const LABELS: [&str; 7] = ["bridge", "gateway", "hide", "wire", "more", "x y", ""];
const LINKS: [&str; 8] = ["eth0", "eth1", "enp1s0", "lo", "br-lab", "br-int", "br-other", "br-new"];
const NETS: [&str; 9] = [
    "10.1.0.1/24",
    "10.1.0.5/24",
    "fd01::1/64",
    "fd01::5/64",
    "10.1.0.0/24",
    "fd01::/64",
    "0.0.0.0/0",
    "10.2.0.1/24",
    "::/0",
];

fn label() -> impl Strategy<Value = Label> {
    select(&LABELS[..5]).prop_map(|text| Label::new(text).unwrap())
}

fn nets() -> impl Strategy<Value = Vec<IpNet>> {
    vec(select(&NETS[..]).prop_map(net), 0..4)
}

fn vlans() -> impl Strategy<Value = (Option<VlanId>, Vec<VlanId>)> {
    let id = || (1..=4094_u16).prop_map(|id| VlanId::new(id).unwrap());
    (option::weighted(0.1, id()), prop_oneof![9 => Just(Vec::new()), 1 => vec(id(), 0..4)])
}

fn mtu() -> impl Strategy<Value = Option<u16>> {
    option::weighted(0.3, select(&[0_u16, 68, 1279, 1280, 1500, u16::MAX][..]))
}

fn port_action() -> impl Strategy<Value = Action> {
    let mac = select(vec![endpoint().mac, MacAddress([2, 0, 0, 0, 0, 9])]);
    let addresses = prop_oneof![Just(endpoint().addresses), nets()];
    (label(), mac, addresses, vlans(), mtu(), any::<bool>()).prop_map(
        |(bridge, mac, addresses, (vlan, trunks), mtu, isolated)| {
            let plain = EndpointPort::new(Attachment::Bridge(bridge), mac, addresses);
            Action::EndpointPort(EndpointPort { vlan, trunks, mtu, isolated, ..plain })
        },
    )
}

fn publish_action() -> impl Strategy<Value = Action> {
    let target = select(&NETS[..]).prop_map(|text| net(text).addr());
    let host = option::weighted(0.2, select(&NETS[..]).prop_map(|text| net(text).addr()));
    let ports = (select(&[PORT.host_port, 22][..]), select(&[PORT.container_port, 22][..]));
    (label(), host, ports, target, any::<bool>(), select(&[Protocol::Tcp, Protocol::Udp][..])).prop_map(
        |(port, host_address, (host_port, target_port), target, translate, protocol)| {
            Action::Publish(Publish { port, protocol, host_address, host_port, target, target_port, translate })
        },
    )
}

fn action() -> impl Strategy<Value = Action> {
    let bridge = (option::of(select(&LINKS[..])), select(&[Datapath::Auto, Datapath::System, Datapath::Netdev][..]));
    prop_oneof![
        3 => bridge.prop_map(|(name, datapath)| {
            Action::Bridge(Bridge { name: name.map(|name| BridgeName::new(name).unwrap()), datapath })
        }),
        2 => (label(), select(&LINKS[..]), vlans()).prop_map(|(bridge, name, (vlan, trunks))| {
            Action::Uplink(Uplink { bridge, name: InterfaceName::new(name).unwrap(), vlan, trunks })
        }),
        3 => (label(), nets(), mtu()).prop_map(|(bridge, addresses, mtu)| {
            Action::HostPort(HostPort { mtu, ..HostPort::new(Attachment::Bridge(bridge), addresses) })
        }),
        1 => (label(), nets()).prop_map(|(port, sources)| Action::Masquerade(Masquerade { port, sources })),
        1 => (label(), any::<bool>()).prop_map(|(port, hairpin)| Action::Forward(Forward { port, hairpin })),
        3 => port_action(),
        3 => publish_action(),
        1 => any::<String>().prop_map(|kind| Action::Custom(Custom { kind, arguments: Vec::new() })),
    ]
}

fn reply() -> impl Strategy<Value = Vec<Attribute>> {
    let value = prop_oneof![
        any::<String>().prop_map(Value::Text),
        select(&NETS[..]).prop_map(|text| Value::Address(net(text).addr())),
        vec("[0-9./=]{0,24}", 0..3).prop_map(Value::Texts),
    ];
    let key = select(&["gateway", "gateway6", "routes", "interface-prefix", "interface-name", "dns"][..]);
    prop_oneof![3 => Just(Vec::new()), 1 => vec((key, value).prop_map(|(key, value)| Attribute::new(key, value)), 0..3)]
}

/// A change to a plan that was right.
#[derive(Clone, Debug)]
enum Edit {
    Insert(String, Action),
    Replace(Action),
    Remove,
    Say(Vec<Attribute>),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => (select(&LABELS[..]), action()).prop_map(|(label, action)| Edit::Insert(label.to_owned(), action)),
        4 => action().prop_map(Edit::Replace),
        1 => Just(Edit::Remove),
        1 => reply().prop_map(Edit::Say),
    ]
}

fn apply(plan: &mut Plan, at: Index, edit: Edit) {
    match edit {
        Edit::Insert(label, action) => {
            plan.steps.insert(at.index(plan.steps.len() + 1), Step { label, action, why: None, shared: None });
        }
        Edit::Replace(action) if !plan.steps.is_empty() => {
            let at = at.index(plan.steps.len());
            plan.steps[at].action = action;
        }
        Edit::Remove if !plan.steps.is_empty() => drop(plan.steps.remove(at.index(plan.steps.len()))),
        Edit::Replace(_) | Edit::Remove => {}
        Edit::Say(reply) => plan.reply = reply,
    }
}

/// Plans that were right, with a few things in them changed: purely random ones hardly ever get past the first rules.
fn plans() -> impl Strategy<Value = Plan> {
    let mut wired = network_plan();
    wired.steps.push(Step { label: "wire".to_owned(), action: uplink("eth1"), why: None, shared: None });
    let right = select(vec![network_plan(), wired, endpoint_plan(), publish_plan(), Plan::default()]);
    (right, vec((any::<Index>(), edit()), 0..4)).prop_map(|(mut plan, edits)| {
        edits.into_iter().for_each(|(at, edit)| apply(&mut plan, at, edit));
        plan
    })
}

/// What must hold of any admitted plan of the fixture's network.
fn keeps_the_rules(plan: &Admitted) {
    let labels: HashSet<_> = plan.steps.iter().map(|step| &step.label).collect();
    assert_eq!(labels.len(), plan.steps.len(), "labels are unique");
    for step in &plan.steps {
        match &step.action {
            Action::Bridge(bridge) => assert!(bridge.name.as_deref().is_none_or(|name| name == "br-lab")),
            Action::Uplink(uplink) => assert_eq!(&*uplink.name, "eth1"),
            Action::HostPort(port) => {
                assert!(!port.addresses.is_empty());
                assert!(port.addresses.iter().all(|net| ["10.1.0.1/24", "fd01::1/64"].contains(&&*net.to_string())));
                assert!(port.mtu.is_none_or(|mtu| mtu >= 1280));
            }
            Action::Masquerade(masquerade) => {
                let own = |source: &IpNet| network().subnets.iter().any(|subnet| subnet.pool == source.trunc());
                assert!(!masquerade.sources.is_empty() && masquerade.sources.iter().all(own));
            }
            Action::EndpointPort(port) => {
                assert_eq!((port.mac, plan.steps.len()), (endpoint().mac, 1));
                assert!(port.addresses.iter().all(|net| endpoint().addresses.contains(net)));
            }
            Action::Publish(publish) => {
                assert_eq!((publish.host_port, publish.target_port), (PORT.host_port, PORT.container_port));
                assert!(endpoint().addresses.iter().any(|net| net.addr() == publish.target));
            }
            Action::Forward(_) => {}
            other => panic!("no call is answered with {}", other.kind()),
        }
    }
    assert!(plan.reply.gateway.is_none_or(|gateway| network().contains(gateway.into())));
    assert!(plan.reply.gateway6.is_none_or(|gateway| network().contains(gateway.into())));
    assert!(plan.reply.routes.iter().all(|route| route.destination == net("10.0.0.0/8")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_admitted_keeps_the_rules(plan in plans()) {
        let case = Case::default();
        for admitted in [case.network(&plan), case.endpoint(&plan), case.publish(&plan)].into_iter().flatten() {
            keeps_the_rules(&admitted);
        }
    }

    #[test]
    fn without_grants_only_the_own_bridge_and_ports_are_left(plan in plans()) {
        let case = Case::granted(&[]);
        for admitted in [case.network(&plan), case.endpoint(&plan), case.publish(&plan)].into_iter().flatten() {
            let own = |step: &AdmittedStep| {
                matches!(&step.action, Action::Bridge(Bridge { name: None, .. }) | Action::EndpointPort(_))
            };
            prop_assert!(admitted.steps.iter().all(own), "{:?}", admitted.steps);
        }
    }
}
