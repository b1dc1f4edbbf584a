//! Which host interfaces a plan may take.

use plan::{Action, Bridge, BridgeName, Datapath, Plan, Rule, VlanId};

use crate::fixture::{Case, network_plan, refused, step, uplink};

fn with(name: &str) -> Plan {
    let mut plan = network_plan();
    plan.steps.push(step("wire", uplink(name)));
    plan
}

fn on_lab(name: &str) -> Plan {
    let mut plan = with(name);
    plan.steps[0].action =
        Action::Bridge(Bridge { name: Some(BridgeName::new("br-lab").unwrap()), datapath: Datapath::Auto });
    plan
}

#[test]
fn what_the_host_needs_for_itself_is_refused() {
    let table = [
        ("lo", "the loopback interface"),
        ("eth0", "it carries the default route"),
        ("ppp0", "it carries the default route"),
        ("vlans", "it carries an address of the host through vlans.10"),
        ("bridged", "through br-lan"),
        ("switched", "through br-phy"),
        ("slave", "it is enslaved to bond0"),
        ("docker0", "it is another switch"),
        ("br-lan", "it is another switch"),
        ("br-lab", "it is a bridge's own port"),
        ("int0", "a port that Open vSwitch made"),
        ("ovs-system", "a port that Open vSwitch made"),
        ("ovse7", "a network driver made"),
        ("taken", "it is on bridge br-other"),
        ("member", "it is on bridge br-lab"),
        ("nowhere", "no link has this name"),
    ];
    for (name, words) in table {
        refused(Case::option("uplink", name).network(&with(name)), Rule::Uplink, 5, &[name, words]);
    }
}

#[test]
fn a_free_interface_is_taken_under_any_of_its_names() {
    for name in ["eth1", "enp1s0", "bond0"] {
        let admitted = Case::option("uplink", name).network(&with(name)).unwrap();
        let Action::Uplink(taken) = &admitted.steps[4].action else { panic!("{admitted:?}") };
        assert_eq!(&*taken.name, if name == "bond0" { "bond0" } else { "eth1" });
    }
}

#[test]
fn a_vlan_of_the_management_interface_is_free() {
    let mut case = Case::option("uplink", "eth0.100");
    case.host.interfaces.push(plan::HostInterface {
        name: "eth0.100".to_owned(),
        index: 40,
        kind: "vlan".to_owned(),
        parent: Some(2),
        ..plan::HostInterface::default()
    });
    assert!(case.network(&with("eth0.100")).is_ok());
}

#[test]
fn an_interface_that_is_on_the_bridge_already_stays_there() {
    assert!(Case::option("uplink", "member").network(&on_lab("member")).is_ok());
    refused(Case::option("uplink", "taken").network(&on_lab("taken")), Rule::Uplink, 5, &["br-other"]);
}

#[test]
fn links_stacked_in_a_ring_end_the_search() {
    let mut case = Case::option("uplink", "vlans");
    let ring = |name: &str, index, parent, master| plan::HostInterface {
        name: name.to_owned(),
        index,
        parent: Some(parent),
        master,
        ..plan::HostInterface::default()
    };
    case.host.interfaces = vec![ring("vlans", 1, 3, None), ring("b", 2, 1, Some(3)), ring("c", 3, 2, Some(2))];
    assert!(case.network(&with("vlans")).is_ok());
}

#[test]
fn an_interface_is_taken_once() {
    let mut plan = with("eth1");
    plan.steps.push(step("again", uplink("enp1s0")));
    let mut case = Case::default();
    case.network.options.push(crate::fixture::text("other", "enp1s0"));
    refused(case.network(&plan), Rule::Uplink, 6, &["an earlier step has it already"]);
}

#[test]
fn an_uplink_has_to_be_granted_and_named() {
    let allowed = |extra: &'static str| Case::granted(&["host-address", "nat", extra]);
    refused(allowed("bridge").network(&with("eth1")), Rule::Grant, 5, &["uplink=eth1 is not granted"]);
    refused(allowed("uplink=eth2").network(&with("eth1")), Rule::Grant, 5, &["uplink=eth1"]);
    for extra in ["uplink", "uplink=eth1", "uplink=enp1s0"] {
        assert!(allowed(extra).network(&with("eth1")).is_ok(), "{extra}");
    }
    refused(allowed("uplink").network(&with("bond0")), Rule::Name, 5, &["nobody asked for this uplink"]);
    assert!(allowed("uplink=bond0").network(&with("bond0")).is_ok());
}

#[test]
fn vlans_are_granted_and_listed_once() {
    let trunk = |ids: &[u16]| {
        let mut plan = with("eth1");
        let Action::Uplink(uplink) = &mut plan.steps[4].action else { unreachable!() };
        uplink.trunks = ids.iter().map(|id| VlanId::new(*id).unwrap()).collect();
        plan
    };
    refused(Case::default().network(&trunk(&[5, 7, 5])), Rule::Vlan, 5, &["5", "list it once"]);
    let case = Case::granted(&["host-address", "nat", "uplink", "vlan=100-199"]);
    assert!(case.network(&trunk(&[100, 199])).is_ok());
    refused(case.network(&trunk(&[100, 200])), Rule::Grant, 5, &["vlan=200 is not granted"]);
}
