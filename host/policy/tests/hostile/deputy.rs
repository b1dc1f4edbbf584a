//! The confused deputy: well-formed plans of real modules that want root to touch what is not theirs. They pass the
//! sandbox, whose business that is not, and stop at the guard.

use plan::{
    Admitted, Asked, Attribute, BridgeOwner, Denial, Endpoint, Grants, HostBridge, HostFacts, HostInterface, Network,
    NetworkId, Plan, PublishedPort, Request, Rule, Value, admit,
};
use policy::{Limits, Sandbox, Verdict};

use crate::answer::{Does, module_that_plans};
use crate::support::{MANIFEST, check, endpoint, network, sandbox, shared};

/// A host with a management interface, Docker's bridge, and another network's bridge.
fn host() -> HostFacts {
    let management = HostInterface {
        name: "eth0".into(),
        index: 2,
        addressed: true,
        default_route: true,
        mtu: 1500,
        ..HostInterface::default()
    };
    let docker = HostInterface {
        name: "docker0".into(),
        index: 3,
        kind: "bridge".into(),
        addressed: true,
        ..management.clone()
    };
    let other = HostBridge {
        name: "ovs-b7".into(),
        owner: BridgeOwner::Network(NetworkId::new("other").unwrap()),
        controller: false,
        interfaces: vec!["ovs-e9".into()],
    };
    HostFacts { interfaces: vec![management, docker], bridges: vec![other], ..HostFacts::default() }
}

/// What a built-in mode may do: everything the guard lets it.
async fn planned(
    steps: &[(&str, Does)],
    route: Option<&str>,
    asked: Option<&[PublishedPort]>,
) -> Result<Plan, Verdict> {
    let sandbox = sandbox(Limits::default());
    let module = module_that_plans(steps, route, MANIFEST);
    let loaded = sandbox.load(check(&sandbox, module).unwrap()).await.unwrap();
    ask(&sandbox, &loaded, asked).await
}

async fn ask(sandbox: &Sandbox, loaded: &policy::Loaded, ports: Option<&[PublishedPort]>) -> Result<Plan, Verdict> {
    match ports {
        None => sandbox.plan_network(loaded, &named()).await,
        Some([]) => sandbox.plan_endpoint(loaded, &named(), &endpoint()).await,
        Some(ports) => sandbox.plan_publish(loaded, &named(), &endpoint(), ports).await,
    }
}

/// A network whose user named what is not theirs, so that the name alone is no reason.
fn named() -> Network {
    let text = |key: &str, text: &str| Attribute::new(key, Value::Text(text.into()));
    Network { options: vec![text("bridge", "ovs-b7"), text("uplink", "eth0"), text("parent", "docker0")], ..network() }
}

fn judged(plan: &Plan, asked: Asked<'_>, grants: &Grants) -> Result<Admitted, Denial> {
    admit(plan, &Request { network: &named(), asked, grants, host: &host() })
}

async fn network_denied(steps: &[(&str, Does)]) -> Denial {
    let plan = planned(steps, None, None).await.unwrap();
    judged(&plan, Asked::Network, &Grants::everything()).unwrap_err()
}

/// What the network's own, honest plan made.
async fn honest() -> Admitted {
    let steps = [("bridge", Does::OwnBridge), ("host", Does::HostPort { bridge: "bridge", address: "10.0.0.1/24" })];
    judged(&planned(&steps, None, None).await.unwrap(), Asked::Network, &Grants::everything()).unwrap()
}

async fn endpoint_denied(steps: &[(&str, Does)], route: Option<&str>) -> Denial {
    let plan = planned(steps, route, Some(&[])).await.unwrap();
    let (of, endpoint): (Admitted, Endpoint) = (honest().await, endpoint());
    judged(&plan, Asked::Endpoint { endpoint: &endpoint, of: &of }, &Grants::everything()).unwrap_err()
}

#[tokio::test]
async fn another_networks_bridge_and_dockers_are_refused() {
    for (bridge, said) in [
        ("ovs-b7", "option bridge=ovs-b7: it belongs to network other"),
        ("docker0", "option parent=docker0: a link has this name, take another"),
        (
            "br-int",
            "step 1 \"bridge\" of the plan: a bridge is the network's own or one that may be shared: br-int; it belongs to \
             OVN, take another bridge",
        ),
    ] {
        let denial = network_denied(&[("bridge", Does::Bridge(bridge))]).await;
        assert_eq!((denial.rule, denial.to_string().as_str()), (Rule::Bridge, said));
        assert_eq!(denial.step.map(|step| step.number), Some(1));
    }
}

#[tokio::test]
async fn a_bridge_that_nobody_named_is_refused_for_that_alone() {
    let denial = network_denied(&[("bridge", Does::Bridge("br-lan"))]).await;
    assert_eq!((denial.rule, denial.asked), (Rule::Name, None));
}

#[tokio::test]
async fn the_management_interface_and_dockers_bridge_are_no_uplinks() {
    for (name, said) in [
        ("eth0", "option uplink=eth0: it carries the default route of the host: the host would be cut off"),
        ("docker0", "option parent=docker0: it is another switch, take an interface that leads to the wire"),
    ] {
        let uplink = Does::Uplink { bridge: "bridge", name };
        let denial = network_denied(&[("bridge", Does::OwnBridge), ("uplink", uplink)]).await;
        assert_eq!(denial.rule, Rule::Uplink, "{denial}");
        assert!(denial.to_string().starts_with(said), "{denial}");
    }
}

#[tokio::test]
async fn a_foreign_mac_or_address_is_refused() {
    let port = |mac, address| [("port", Does::EndpointPort { bridge: "bridge", mac, address })];
    for steps in [port("02:42:0a:00:00:99", "10.0.0.2/24"), port("02:42:0a:00:00:02", "10.0.0.99/24")] {
        let denial = endpoint_denied(&steps, None).await;
        assert_eq!(denial.rule, Rule::EndpointAddress, "{denial}");
    }
}

#[tokio::test]
async fn a_route_that_nobody_asked_for_is_refused() {
    let port = Does::EndpointPort { bridge: "bridge", mac: "02:42:0a:00:00:02", address: "10.0.0.2/24" };
    let denial = endpoint_denied(&[("port", port)], Some("0.0.0.0/1=10.0.0.2")).await;
    assert_eq!(denial.rule, Rule::Reply, "{denial}");
}

#[tokio::test]
async fn foreign_sources_and_ports_are_refused() {
    let host_port = ("host", Does::HostPort { bridge: "bridge", address: "10.0.0.1/24" });
    let everything = ("nat", Does::Masquerade { port: "host", source: "0.0.0.0/0" });
    let denial = network_denied(&[("bridge", Does::OwnBridge), host_port, everything]).await;
    assert_eq!(denial.rule, Rule::Nat, "{denial}");

    let asked =
        PublishedPort { protocol: plan::Protocol::Tcp, host_address: None, host_port: 8080, container_port: 80 };
    let steal = [("steal", Does::Publish { port: "host", host_port: 22, target: "10.0.0.2/24" })];
    let plan = planned(&steal, None, Some(&[asked])).await.unwrap();
    let (of, endpoint) = (honest().await, endpoint());
    let asked = Asked::Publish { endpoint: &endpoint, of: &of, ports: &[asked] };
    let denial = judged(&plan, asked, &Grants::everything()).unwrap_err();
    assert_eq!(denial.rule, Rule::Publish, "{denial}");
}

#[tokio::test]
async fn too_many_steps_reused_labels_and_unknown_kinds_are_refused() {
    let labels: Vec<String> = (0..257).map(|number| format!("bridge-{number}")).collect();
    let many: Vec<_> = labels.iter().map(|label| (label.as_str(), Does::OwnBridge)).collect();
    let denial = network_denied(&many).await;
    assert_eq!(denial.rule, Rule::Size, "{denial}");
    assert!(denial.to_string().contains("257"), "{denial}");

    let denial = network_denied(&[("same", Does::OwnBridge), ("same", Does::OwnBridge)]).await;
    assert_eq!(denial.rule, Rule::Label, "{denial}");
    assert!(denial.to_string().contains("\"same\""), "{denial}");

    let denial = network_denied(&[("new", Does::Custom("shell@1"))]).await;
    assert_eq!(denial.rule, Rule::Kind, "{denial}");
    assert!(denial.to_string().contains("shell@1"), "{denial}");
}

#[tokio::test]
async fn a_name_that_none_can_be_never_becomes_a_plan() {
    let Verdict::Broken(fault) = planned(&[("bridge", Does::Bridge("../etc\u{1b}[2J"))], None, None).await.unwrap_err()
    else {
        panic!()
    };
    assert_eq!(fault.kind.class(), "plan");
    let shown = fault.to_string();
    assert!(
        shown.contains("gave a plan that cannot be: step 1 \"bridge\", name: \"../etc\\u{1b}[2J\" is not"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_name_that_none_can_be_is_the_users_where_the_user_gave_it() {
    let sandbox = sandbox(Limits::default());
    let module = module_that_plans(&[("bridge", Does::Bridge("../etc"))], None, MANIFEST);
    let loaded = sandbox.load(check(&sandbox, module).unwrap()).await.unwrap();
    let options = vec![Attribute::new("bridge", Value::Text("../etc".into()))];
    let verdict = sandbox.plan_network(&loaded, &Network { options, ..network() }).await.unwrap_err();
    let Verdict::Refused(refusal) = verdict else { panic!("{verdict}") };
    assert_eq!(refusal.at.as_deref(), Some("bridge"));
    assert!(refusal.to_string().starts_with("\"../etc\" is not a bridge name: 1 to 15 bytes"), "{refusal}");
}

#[tokio::test]
async fn what_the_manifest_does_not_ask_for_is_not_granted() {
    let less = MANIFEST.replace("\"host-address\", ", "");
    let steps = [("bridge", Does::OwnBridge), ("host", Does::HostPort { bridge: "bridge", address: "10.0.0.1/24" })];
    let sandbox = sandbox(Limits::default());
    for (manifest, granted) in [(MANIFEST, true), (&less, false)] {
        let bytes = shared(module_that_plans(&steps, None, manifest));
        let checked = policy::Checked::new("less", policy::Origin::BuiltIn, bytes, sandbox.limits()).unwrap();
        let loaded = sandbox.load(checked.granted(&Grants::everything())).await.unwrap();
        let plan = sandbox.plan_network(&loaded, &network()).await.unwrap();
        let admitted = judged(&plan, Asked::Network, loaded.grants());
        match admitted {
            Ok(_) => assert!(granted, "host-address is not asked for"),
            Err(denial) => {
                assert!(!granted && denial.rule == Rule::Grant, "{denial}");
                assert!(denial.to_string().contains("host-address"), "{denial}");
            }
        }
    }
}

#[tokio::test]
async fn what_a_plan_gives_as_its_reason_is_printable() {
    let plan = planned(&[("bridge", Does::OwnBridge)], None, None).await.unwrap();
    assert_eq!(plan.steps[0].why.as_deref(), Some("because\\n\\u{1b}[31m"));
}
