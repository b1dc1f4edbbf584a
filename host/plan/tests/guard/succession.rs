//! A plan that takes another one's place: what stays keeps its name, and is no objection to itself.

use plan::{
    Action, Admitted, Asked, Attachment, Datapath, Denial, InterfaceName, Plan, Predecessor, Rule, Step, VlanId,
    admit_after,
};

use crate::fixture::{
    Case, endpoint_plan, endpoint_port, forward, host_port, network_plan, own_bridge, refused, step, uplink,
};
use crate::stored::{name, performed};

/// The names of a plan's steps by label, `-` for none.
fn names(plan: &Admitted) -> Vec<(&str, &str)> {
    plan.steps.iter().map(|step| (step.label.as_str(), step.name.as_ref().map_or("-", InterfaceName::as_str))).collect()
}

/// The steps of a network with an uplink, changed.
fn changed(change: impl FnOnce(&mut Vec<Step>)) -> Plan {
    let mut plan = network_plan();
    plan.steps.push(step("wire", uplink("enp1s0")));
    change(&mut plan.steps);
    plan
}

fn after(case: &Case, before: &Admitted, plan: &Plan) -> Result<Admitted, Denial> {
    admit_after(plan, Predecessor { plan: before, scope: &[] }, &case.request(Asked::Network))
}

#[test]
fn what_stays_keeps_its_name() {
    let (case, before) = performed();
    let plan = changed(|steps| {
        if let Action::HostPort(port) = &mut steps[1].action {
            (port.mtu, port.vlan) = (Some(1400), Some(VlanId::new(7).unwrap()));
        }
        steps[3] = step("out-2", forward("gateway"));
    });
    let mut now = after(&case, &before, &plan).unwrap();
    assert_eq!(
        names(&now),
        [("bridge", "ovsb1"), ("gateway", "ovsh1"), ("hide", "-"), ("out-2", "-"), ("wire", "-")],
        "the uplink that is on the network's own bridge is no objection"
    );
    now.name_objects(|_| InterfaceName::new("fresh")).unwrap();
    assert_eq!(names(&now)[..2], [("bridge", "ovsb1"), ("gateway", "ovsh1")]);
    assert_eq!(names(&now)[4], ("wire", "eth1"), "an uplink has its interface's own name");
    now.forget_names();
    assert!(names(&now).iter().all(|(_, name)| *name == "-"));
}

#[test]
fn what_cannot_be_changed_where_it_stands_is_another_thing() {
    let (mut case, before) = performed();
    let other_address = changed(|steps| steps[1] = step("gateway", host_port(&["10.1.0.1/24"])));
    assert_eq!(names(&after(&case, &before, &other_address).unwrap())[..2], [("bridge", "ovsb1"), ("gateway", "-")]);

    // A bridge that goes takes along what is on it, and gives nothing of it away.
    let other_bridge = changed(|steps| {
        let Action::Bridge(bridge) = &mut steps[0].action else { panic!("a bridge") };
        bridge.datapath = Datapath::Netdev;
    });
    let words = ["it is on bridge ovsb1, which this network has", "remove the network and create it again"];
    refused(after(&case, &before, &other_bridge), Rule::Uplink, 5, &words);
    case.host.bridges.pop();
    case.host.interfaces[2].master = None;
    let now = after(&case, &before, &other_bridge).unwrap();
    assert!(names(&now).iter().all(|(_, name)| *name == "-"), "{now:?}");
}

#[test]
fn a_containers_link_stays_with_its_mac_its_mtu_and_its_bridge() {
    let case = Case::default();
    let named = |plan: &Plan| {
        let mut admitted = case.network(plan).unwrap();
        admitted.name_objects(name).unwrap();
        admitted
    };
    let of = named(&network_plan());
    let admit = |plan: &Plan, before: Predecessor<'_>, of: &Admitted| {
        admit_after(plan, before, &case.request(Asked::Endpoint { endpoint: &case.endpoint, of })).unwrap()
    };
    let nothing = Admitted::default();
    let mut before = admit(&endpoint_plan(), Predecessor { plan: &nothing, scope: &[] }, &of);
    before.name_objects(name).unwrap();
    let link = |change: fn(&mut plan::EndpointPort)| {
        let mut port = endpoint_port();
        change(&mut port);
        Plan { steps: vec![step("link", Action::EndpointPort(port))], reply: Vec::new() }
    };
    let predecessor = Predecessor { plan: &before, scope: &of.steps };
    for (plan, stays) in [
        (link(|port| port.isolated = true), true),
        (link(|port| port.vlan = Some(VlanId::new(9).unwrap())), true),
        (link(|port| port.mtu = Some(1400)), false),
    ] {
        let now = admit(&plan, predecessor, &of);
        assert_eq!((now.steps[0].name.is_some(), now.steps[0].peer.is_some()), (stays, stays), "{now:?}");
    }

    // The label of its bridge is only a word for it.
    let mut renamed = network_plan();
    renamed.steps[0] = step("switch", own_bridge());
    renamed.steps.truncate(1);
    let (mut other, on_switch) =
        (named(&renamed), link(|port| port.on = Attachment::Bridge(crate::fixture::label("switch"))));
    assert!(admit(&on_switch, predecessor, &other).steps[0].name.is_some());
    other.steps[0].name = Some(InterfaceName::new("ovsb2").unwrap());
    assert!(admit(&on_switch, predecessor, &other).steps[0].name.is_none());
}
