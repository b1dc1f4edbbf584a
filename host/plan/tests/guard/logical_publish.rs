//! Publishing at a logical router.

use plan::{Action, Admitted, Asked, Denial, LoadBalancer, Plan, Protocol, PublishedPort, Rule, admit};

use crate::fixture::{Case, PORT, label, refused, step};
use crate::logical::{by_wire, case};

fn balancer() -> LoadBalancer {
    LoadBalancer {
        router: label("router"),
        protocol: PORT.protocol,
        address: "192.0.2.10".parse().unwrap(),
        port: PORT.host_port,
        target: "10.1.0.5".parse().unwrap(),
        target_port: PORT.container_port,
    }
}

fn judged(case: &Case, balancers: &[LoadBalancer]) -> Result<Admitted, Denial> {
    let of = case.network(&by_wire()).unwrap();
    let steps = balancers.iter().enumerate();
    let steps = steps.map(|(index, one)| step(&format!("web-{index}"), Action::LoadBalancer(one.clone()))).collect();
    let asked = Asked::Publish { endpoint: &case.endpoint, of: &of, ports: &case.ports };
    admit(&Plan { steps, reply: Vec::new() }, &case.request(asked))
}

#[test]
fn the_ports_asked_for_are_published_at_the_routers_address() {
    let mut case = case();
    assert!(judged(&case, &[balancer()]).is_ok());
    for address in ["192.0.2.10", "0.0.0.0"] {
        case.ports = vec![PublishedPort { host_address: address.parse().ok(), ..PORT }];
        assert!(judged(&case, &[balancer()]).is_ok(), "{address}");
    }
    for address in ["192.0.2.11", "::"] {
        case.ports = vec![PublishedPort { host_address: address.parse().ok(), ..PORT }];
        refused(judged(&case, &[balancer()]), Rule::Publish, 1, &["the ports asked for are"]);
    }
}

#[test]
fn nothing_else_is_published() {
    let table = [
        (LoadBalancer { port: 22, ..balancer() }, "the ports asked for are"),
        (LoadBalancer { protocol: Protocol::Udp, ..balancer() }, "the ports asked for are"),
        (LoadBalancer { target_port: 22, ..balancer() }, "the ports asked for are"),
        (LoadBalancer { address: "192.0.2.11".parse().unwrap(), ..balancer() }, "none of the router's addresses"),
        (LoadBalancer { address: "10.1.0.1".parse().unwrap(), ..balancer() }, "none of the router's addresses"),
        (LoadBalancer { target: "10.1.0.6".parse().unwrap(), ..balancer() }, "the endpoint's addresses are"),
        (LoadBalancer { target: "fd01::5".parse().unwrap(), ..balancer() }, "one of the same family is wanted"),
    ];
    for (balancer, words) in table {
        refused(judged(&case(), &[balancer]), Rule::Publish, 1, &[words]);
    }
    refused(judged(&case(), &[balancer(), balancer()]), Rule::Publish, 2, &["an earlier step publishes it already"]);
    let mut more = case();
    more.ports.push(PublishedPort { host_port: 443, container_port: 443, ..PORT });
    refused(judged(&more, &[balancer()]), Rule::Publish, 0, &["443->443/tcp is left out"]);
    let mut internal = case();
    internal.network.internal = true;
    let plan = Plan { steps: vec![step("web", Action::LoadBalancer(balancer()))], reply: Vec::new() };
    refused(internal.publish(&plan), Rule::Internal, 1, &["load-balancer"]);
}
