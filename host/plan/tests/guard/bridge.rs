//! Which bridges a plan may name.

use plan::{Action, Bridge, BridgeName, Datapath, Plan, Rule};

use crate::fixture::{Case, network_plan, own_bridge, refused, step};

fn named(name: &str) -> Plan {
    let mut plan = network_plan();
    plan.steps[0].action =
        Action::Bridge(Bridge { name: Some(BridgeName::new(name).unwrap()), datapath: Datapath::Auto });
    plan
}

#[test]
fn a_bridge_that_belongs_to_others_is_refused() {
    let table = [
        ("br-int", "it belongs to OVN"),
        ("br-other", "it belongs to network other"),
        ("br-far", "instance cafecafe"),
        ("br-ctl", "a controller programs it"),
        ("docker0", "a link has this name"),
        ("eth0", "a link has this name"),
        ("enp1s0", "a link has this name"),
        ("ovs-system", "a link has this name"),
        ("ovs-netdev", "a link has this name"),
    ];
    for (name, words) in table {
        refused(Case::option("bridge", name).network(&named(name)), Rule::Bridge, 1, &[name, words]);
    }
}

#[test]
fn a_bridge_of_the_users_or_of_the_network_is_used_and_a_new_one_made() {
    for name in ["br-lab", "br-mine", "br-new"] {
        assert!(Case::option("bridge", name).network(&named(name)).is_ok(), "{name}");
    }
}

#[test]
fn a_bridge_has_to_be_granted() {
    for grants in [&["host-address", "nat"][..], &["bridge=br-two", "host-address", "nat"]] {
        refused(
            Case::granted(grants).network(&named("br-lab")),
            Rule::Grant,
            1,
            &["bridge=br-lab is not granted", "allow"],
        );
    }
    for grants in [&["bridge", "host-address", "nat"][..], &["bridge=br-lab", "host-address", "nat"]] {
        assert!(Case::granted(grants).network(&named("br-lab")).is_ok(), "{grants:?}");
    }
    refused(Case::option("bridge", "br-int").network(&named("br-int")), Rule::Bridge, 1, &["br-int"]);
    let granted = Case { grants: Case::granted(&["bridge=br-other"]).grants, ..Case::option("bridge", "br-other") };
    refused(granted.network(&named("br-other")), Rule::Bridge, 1, &["it belongs to network other"]);
}

#[test]
fn a_bridge_is_one_that_a_user_or_a_grant_named() {
    refused(Case::default().network(&named("br-new")), Rule::Name, 1, &["br-new", "nobody asked for this bridge"]);
    assert!(Case::granted(&["bridge=br-new", "host-address", "nat"]).network(&named("br-new")).is_ok());
}

#[test]
fn a_network_has_one_bridge() {
    let mut plan = network_plan();
    plan.steps.push(step("second", own_bridge()));
    refused(Case::default().network(&plan), Rule::Bridge, 5, &["a second bridge", "\"bridge\""]);
}

#[test]
fn the_kernels_datapath_has_to_be_there() {
    let mut plan = network_plan();
    plan.steps[0].action = Action::Bridge(Bridge { name: None, datapath: Datapath::System });
    let mut case = Case::default();
    refused(case.network(&plan), Rule::Bridge, 1, &["no openvswitch module", "netdev"]);
    case.host.kernel_datapath = true;
    assert!(case.network(&plan).is_ok());
}
