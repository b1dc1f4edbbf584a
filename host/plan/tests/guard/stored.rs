//! Plans from the store, at start: what they made exists, and the world has moved on.

use plan::{
    Action, Admitted, Asked, Attachment, Bridge, BridgeName, BridgeOwner, Datapath, EndpointPort, HostBridge, HostPort,
    InterfaceName, NetworkId, ObjectKind, Rule, VlanId, readmit,
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

/// A plan as a driver wrote it that knew bridges alone, and neither shared steps nor rates.
#[test]
fn what_an_earlier_driver_stored_reads_as_it_was_meant() {
    let stored = r#"{
        "steps": [
            {"label": "host", "action": {"host-port": {"bridge": "bridge", "addresses": ["10.1.0.1/24"], "vlan": 7, "mtu": 1500}},
             "why": "the gateway", "name": "ovh1", "peer": null},
            {"label": "port", "action": {"endpoint-port": {"bridge": "bridge", "mac": "02:00:00:00:00:05",
             "addresses": ["10.1.0.5/24"], "vlan": null, "trunks": [9], "mtu": null, "isolated": true}},
             "why": null, "name": "ove2", "peer": "ovc3"}
        ],
        "reply": {"gateway": "10.1.0.1", "gateway6": null, "routes": [], "interface_prefix": "eth", "interface_name": null}
    }"#;
    let plan: Admitted = serde_json::from_str(stored).unwrap();
    let on = || Attachment::Bridge(crate::fixture::label("bridge"));
    let vlan = |id| VlanId::new(id).unwrap();
    let host =
        HostPort { vlan: Some(vlan(7)), mtu: Some(1500), ..HostPort::new(on(), vec!["10.1.0.1/24".parse().unwrap()]) };
    let plain = EndpointPort::new(on(), "02:00:00:00:00:05".parse().unwrap(), vec!["10.1.0.5/24".parse().unwrap()]);
    let port = EndpointPort { trunks: vec![vlan(9)], isolated: true, ..plain };
    assert_eq!(plan.steps[0].action, Action::HostPort(host));
    assert_eq!(plan.steps[1].action, Action::EndpointPort(port));
    assert!(plan.steps.iter().all(|step| step.shared.is_none()) && !plan.reply.docker_gateway);
    let again: Admitted = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
    assert_eq!(again, plan);
}

/// What a port is plugged into stands among its fields, under the word for what it is.
#[test]
fn a_port_on_a_logical_switch_is_stored_as_one() {
    let on = Attachment::LogicalSwitch(crate::fixture::label("switch"));
    let port = Action::HostPort(HostPort::new(on, Vec::new()));
    let stored = serde_json::to_value(&port).unwrap();
    assert_eq!(stored["host-port"]["logical-switch"], "switch");
    assert_eq!(serde_json::from_value::<Action>(stored).unwrap(), port);
}
