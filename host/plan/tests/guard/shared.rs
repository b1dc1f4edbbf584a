//! What several networks of a host have in common.

use plan::{
    Action, Admitted, Asked, Bridge, BridgeOwner, Datapath, HostBridge, NetworkId, Plan, Rule, SharedStep, Step,
    readmit,
};

use crate::fixture::{Case, asked, host_port, masquerade, own_bridge, refused, step, uplink};
use crate::stored::name;

const KEY: &str = "uplink eth1";

fn shared(label: &str, action: Action) -> Step {
    Step { shared: Some(KEY.to_owned()), ..step(label, action) }
}

/// What a network on the wire says.
fn on_the_wire() -> Plan {
    Plan { steps: vec![shared("bridge", own_bridge()), shared("wire", uplink("eth1"))], reply: Vec::new() }
}

/// A host where another network has the same; and what that network's plan became.
fn beside(other: &Plan) -> (Case, Admitted) {
    let mut case = Case::default();
    let mut theirs = case.network(other).unwrap();
    theirs.name_objects(name).unwrap();
    let id = NetworkId::of_shared("lab", KEY);
    let holder = NetworkId::new("other").unwrap();
    let steps = theirs.steps.iter().cloned();
    case.host.shared = steps.map(|step| SharedStep { id: id.clone(), holder: holder.clone(), step }).collect();
    case.host.bridges.push(HostBridge {
        name: "ovsb1".to_owned(),
        owner: BridgeOwner::Network(id),
        controller: false,
        interfaces: vec!["ovsb1".to_owned(), "eth1".to_owned()],
    });
    (case, theirs)
}

#[test]
fn the_second_network_gets_what_the_first_one_has() {
    let (case, theirs) = beside(&on_the_wire());
    let admitted = case.network(&on_the_wire()).unwrap();
    let names = |plan: &Admitted| plan.steps.iter().map(|step| step.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&admitted), names(&theirs));
    readmit(&admitted, &case.request(Asked::Network)).unwrap();

    let mut own = on_the_wire();
    own.steps.iter_mut().for_each(|step| step.shared = None);
    refused(case.network(&own), Rule::Uplink, 2, &["eth1", "it is on bridge ovsb1"]);
    own.steps.iter_mut().for_each(|step| step.shared = Some("uplink enp1s0".to_owned()));
    let words = "it is on bridge ovsb1, which network other shares as \"uplink eth1\", and this one would as \"uplink enp1s0\": \
                 name it as that network does";
    refused(case.network(&own), Rule::Uplink, 2, &["eth1", words]);
}

#[test]
fn an_interface_is_the_same_under_any_of_its_names() {
    let mut other = on_the_wire();
    other.steps[1].action = uplink("enp1s0");
    let (mut case, _) = beside(&Plan { steps: vec![shared("bridge", own_bridge())], reply: Vec::new() });
    case.network.options.push(crate::fixture::text("parent", "enp1s0"));
    case.host.bridges.pop();
    let theirs = case.network(&other).unwrap();
    let id = NetworkId::of_shared("lab", KEY);
    let holder = NetworkId::new("other").unwrap();
    case.host.shared.extend(theirs.steps[1..].iter().cloned().map(|step| SharedStep {
        id: id.clone(),
        holder: holder.clone(),
        step,
    }));
    case.network(&other).unwrap();
}

#[test]
fn who_wants_it_otherwise_is_refused_with_the_holders_name() {
    let (case, theirs) = beside(&on_the_wire());
    let mut plan = on_the_wire();
    plan.steps[0].action = Action::Bridge(Bridge { name: None, datapath: Datapath::Netdev });
    let words = "bridge \"bridge\": network other shares \"uplink eth1\" and has a bridge with datapath auto there, not a \
                 bridge with datapath netdev";
    asked(case.network(&plan), Rule::Shared, words);
    let mut stored = theirs;
    stored.steps[0].action = plan.steps[0].action.clone();
    readmit(&stored, &case.request(Asked::Network)).unwrap();
}

#[test]
fn what_goes_with_the_last_stands_on_nothing_that_goes_before() {
    let mut plan = on_the_wire();
    plan.steps[0].shared = None;
    refused(Case::default().network(&plan), Rule::Shared, 2, &["uplink eth1", "it builds on \"bridge\", which is not"]);
    plan.steps[0].shared = Some("another".to_owned());
    refused(Case::default().network(&plan), Rule::Shared, 2, &["share both under this key"]);
    let mut plan = on_the_wire();
    plan.steps.push(step("gateway", host_port(&["10.1.0.1/24"])));
    Case::default().network(&plan).unwrap();
    plan.steps.push(shared("hide", masquerade("gateway", &["10.1.0.0/24"])));
    refused(Case::default().network(&plan), Rule::Shared, 4, &["no masquerade is shared"]);
}

#[test]
fn a_key_is_a_line_that_people_can_read() {
    for bad in ["", " x", "x\n", "schlüssel", &"x".repeat(129)] {
        let mut plan = on_the_wire();
        plan.steps[0].shared = Some(bad.to_owned());
        refused(Case::default().network(&plan), Rule::Shared, 1, &["a key is 1 to 128"]);
    }
}

#[test]
fn only_networks_share() {
    let case = Case::default();
    let mut plan = crate::fixture::endpoint_plan();
    plan.steps[0].shared = Some(KEY.to_owned());
    refused(case.endpoint(&plan), Rule::Shared, 1, &["only what a network's own plan makes"]);
}

#[test]
fn a_bridge_is_not_a_way_around_the_grant_for_what_is_on_it() {
    let (mut case, _) = beside(&on_the_wire());
    let mut plan = on_the_wire();
    plan.steps.truncate(1);
    case.network(&plan).unwrap();
    case.grants = Case::granted(&["host-address"]).grants;
    refused(case.network(&plan), Rule::Grant, 1, &["uplink=eth1 is not granted"]);
}
