//! Plans from the store, at start: what they made exists, and the world has moved on.

use plan::{
    Action, Admitted, Asked, Bridge, BridgeName, BridgeOwner, Datapath, HostBridge, InterfaceName, NetworkId,
    ObjectKind, Rule, readmit,
};

use crate::fixture::{Case, network_plan, refused, step, uplink};

pub(crate) fn name(kind: ObjectKind) -> Result<InterfaceName, std::convert::Infallible> {
    Ok(InterfaceName::new(format!("ovs{}1", kind.letter())).unwrap())
}

/// A network with an uplink that was performed: its bridge is there and holds the uplink.
pub(crate) fn performed() -> (Case, Admitted) {
    let mut case = Case::option("uplink", "enp1s0");
    let mut plan = network_plan();
    plan.steps.push(step("wire", uplink("enp1s0")));
    let mut admitted = case.network(&plan).unwrap();
    admitted.name_objects(name).unwrap();
    case.host.bridges.push(HostBridge {
        name: "ovsb1".to_owned(),
        owner: BridgeOwner::Network(case.network.id.clone()),
        controller: false,
        interfaces: vec!["ovsb1".to_owned(), "eth1".to_owned()],
    });
    case.host.interfaces[2].master = Some(20);
    (case, admitted)
}

fn judged(case: &Case, stored: &Admitted) -> Result<Admitted, plan::Denial> {
    readmit(stored, &case.request(Asked::Network)).map(|()| stored.clone())
}

#[test]
fn what_a_plan_made_is_no_objection_to_it() {
    let (case, stored) = performed();
    judged(&case, &stored).unwrap();
}

#[test]
fn what_is_late_at_boot_is_no_objection_either() {
    let (mut case, mut stored) = performed();
    case.host.bridges.clear();
    case.host.interfaces.clear();
    stored.steps[0].action = Action::Bridge(Bridge { name: None, datapath: Datapath::System });
    judged(&case, &stored).unwrap();
}

#[test]
fn what_became_the_hosts_own_is_left_alone() {
    let (mut case, stored) = performed();
    case.host.interfaces[2].addressed = true;
    refused(judged(&case, &stored), Rule::Uplink, 5, &["eth1", "it carries an address"]);
    let (mut case, stored) = performed();
    case.host.interfaces[2].master = Some(5);
    refused(judged(&case, &stored), Rule::Uplink, 5, &["enslaved to bond0"]);
}

#[test]
fn a_bridge_that_became_anothers_is_left_alone() {
    let owners = [
        (BridgeOwner::Stranger, "somebody else made a bridge of this name"),
        (BridgeOwner::Network(NetworkId::new("other").unwrap()), "it belongs to network other"),
        (BridgeOwner::OtherInstance("cafe".to_owned()), "instance cafe"),
    ];
    for (owner, words) in owners {
        let (mut case, stored) = performed();
        case.host.bridges.last_mut().unwrap().owner = owner;
        refused(judged(&case, &stored), Rule::Bridge, 1, &["ovsb1", words]);
    }
}

#[test]
fn a_narrowed_grant_holds_for_what_is_stored() {
    let (mut case, stored) = performed();
    case.grants = Case::granted(&["host-address", "nat", "uplink=eth2"]).grants;
    refused(judged(&case, &stored), Rule::Grant, 5, &["uplink=eth1 is not granted"]);
}

#[test]
fn a_users_bridge_that_got_a_controller_is_left_alone() {
    let mut case = Case::default();
    let mut plan = network_plan();
    let name = Some(BridgeName::new("br-lab").unwrap());
    plan.steps[0].action = Action::Bridge(Bridge { name, datapath: Datapath::Auto });
    let mut stored = case.network(&plan).unwrap();
    stored.name_objects(self::name).unwrap();
    judged(&case, &stored).unwrap();
    case.host.bridges[1].controller = true;
    refused(judged(&case, &stored), Rule::Bridge, 1, &["a controller programs it"]);
}
