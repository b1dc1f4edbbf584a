//! Networks whose way out is none of ours.

use guest_modes::{Acl, Mode, Network, Plan, Value, Verdict};
use mode_ovn::Ovn;

use crate::given::{IPV4, action, endpoint, labels, network};

fn with(key: &str, value: &str) -> Network {
    let mut network = network(&[IPV4]);
    network.options.set(key, value);
    network
}

fn replied(plan: &Plan) -> Vec<&str> {
    plan.reply.iter().map(|(key, _)| key).collect()
}

#[test]
fn without_a_way_out_of_ours_containers_reach_the_vrf_by_routes() {
    for (egress, replies) in [("docker", vec!["docker-gateway", "routes"]), ("none", vec!["routes"])] {
        let (network, mut endpoint) = (with("egress", egress), endpoint(&["10.1.0.5/24"]));
        let subnets = ["10.1.0.0/24", "10.2.0.0/16", "fd00:2::/64"].map(str::to_owned);
        assert_eq!(labels(&Ovn::plan_network(&network).unwrap()), ["switch", "router", "gateway"]);
        endpoint.facts.set("ovn.vrf-subnets", Value::Texts(subnets.into()));
        let plan = Ovn::plan_endpoint(&network, &endpoint).unwrap();
        assert_eq!(replied(&plan), replies, "{egress}");
        assert_eq!(plan.reply.expect::<&[String]>("routes"), ["10.2.0.0/16=10.1.0.1"]);
    }
}

#[test]
fn an_internal_network_is_closed_and_has_no_router() {
    let mut network = network(&[IPV4]);
    network.internal = true;
    network.subnets[0].gateway = None;
    let plan = Ovn::plan_network(&network).unwrap();
    assert_eq!(labels(&plan), ["switch", "within", "internal"]);
    let closed = Acl::on(&plan.steps[0].label, 1000, Verdict::Drop);
    assert_eq!(*action(&plan, "internal"), closed.into());
    assert!(replied(&Ovn::plan_endpoint(&network, &endpoint(&["10.1.0.5/24"])).unwrap()).is_empty());
    network.options.set("icc", false);
    assert_eq!(labels(&Ovn::plan_network(&network).unwrap()), ["switch", "within", "internal", "no-icc"]);
}

#[test]
fn a_way_out_that_is_not_taken_is_not_asked_for() {
    let refusal = |network: &Network| Ovn::plan_network(network).unwrap_err();
    let mut network = with("ovn.external", "wan");
    assert!(refusal(&network).message.contains("has egress=host, the default"), "{}", refusal(&network));
    network.options.set("egress", "docker");
    assert!(refusal(&network).message.contains("has egress=docker"), "{}", refusal(&network));
    network.internal = true;
    assert!(refusal(&network).message.contains("leave out ovn.external"), "{}", refusal(&network));
    network.options.set("egress", "external");
    assert!(refusal(&network).message.contains("egress=external is a way out"), "{}", refusal(&network));
}

#[test]
fn a_switch_that_a_user_names_is_joined_and_nothing_else() {
    let network = with("ovn.switch", "lan");
    assert_eq!(labels(&Ovn::plan_network(&network).unwrap()), ["switch"]);
    assert_eq!(replied(&Ovn::plan_endpoint(&network, &endpoint(&["10.1.0.5/24"])).unwrap()), ["gateway"]);
    for (change, code) in [
        (&(|network: &mut Network| network.options.set("egress", "host")) as &dyn Fn(&mut Network), "egress-of-switch"),
        (&|network| network.options.set("icc", false), "icc-of-switch"),
        (&|network| network.internal = true, "internal-of-switch"),
    ] {
        let mut network = network.clone();
        change(&mut network);
        assert_eq!(Ovn::plan_network(&network).unwrap_err().code, code);
    }
}

#[test]
fn ports_are_published_where_containers_leave() {
    let publish = |network: &Network| {
        let port = guest_modes::PublishedPort {
            protocol: guest_modes::Protocol::Udp,
            host_address: None,
            host_port: 53,
            container_port: 53,
        };
        Ovn::plan_publish(network, &endpoint(&["10.1.0.5/24"]), &[port])
    };
    assert_eq!(publish(&with("egress", "host")).unwrap().steps.len(), 1);
    for elsewhere in [with("egress", "docker"), with("egress", "none"), with("ovn.switch", "lan")] {
        assert_eq!(publish(&elsewhere).unwrap_err().code, "publish-elsewhere");
    }
    let mut internal = network(&[IPV4]);
    internal.internal = true;
    assert_eq!(publish(&internal).unwrap_err().code, "publish-internal");
}
