//! Published ports.

use plan::{Action, Plan, Protocol, Publish, PublishedPort, Rule};

use crate::fixture::{Case, PORT, publish, publish_plan, refused, step};

fn with(change: impl FnOnce(&mut Publish)) -> Plan {
    let mut publish = publish();
    change(&mut publish);
    Plan { steps: vec![step("web", Action::Publish(publish))], reply: Vec::new() }
}

#[test]
fn only_the_ports_asked_for_are_published() {
    let tables: [fn(&mut Publish); 4] = [
        |publish| publish.host_port = 22,
        |publish| publish.target_port = 22,
        |publish| publish.protocol = Protocol::Udp,
        |publish| publish.host_address = Some("192.0.2.1".parse().unwrap()),
    ];
    for change in tables {
        refused(Case::default().publish(&with(change)), Rule::Publish, 1, &["the ports asked for are [8080->80/tcp]"]);
    }
}

#[test]
fn the_target_is_the_endpoint() {
    let foreign = with(|publish| publish.target = "10.1.0.6".parse().unwrap());
    refused(Case::default().publish(&foreign), Rule::Publish, 1, &["10.1.0.6", "[10.1.0.5, fd01::5]"]);
    let loopback = with(|publish| publish.target = "127.0.0.1".parse().unwrap());
    refused(Case::default().publish(&loopback), Rule::Publish, 1, &["127.0.0.1"]);
}

#[test]
fn a_port_may_lead_to_an_address_of_the_other_family() {
    let host_address = Some("192.0.2.1".parse().unwrap());
    let case = Case { ports: vec![PublishedPort { host_address, ..PORT }], ..Case::default() };
    let plan = with(|publish| (publish.host_address, publish.target) = (host_address, "fd01::5".parse().unwrap()));
    assert!(case.publish(&plan).is_ok(), "the host carries connections over");
}

#[test]
fn a_port_is_published_once_in_each_family() {
    let mut plan = publish_plan();
    plan.steps.push(step("six", Action::Publish(Publish { target: "fd01::5".parse().unwrap(), ..publish() })));
    assert!(Case::default().publish(&plan).is_ok());
    plan.steps.push(step("again", Action::Publish(publish())));
    refused(Case::default().publish(&plan), Rule::Publish, 3, &["an earlier step publishes it already"]);
}

#[test]
fn some_ports_are_not_dropped_in_silence() {
    let second = PublishedPort { host_port: 8443, container_port: 443, ..PORT };
    let case = Case { ports: vec![PORT, second], ..Case::default() };
    refused(case.publish(&publish_plan()), Rule::Publish, 0, &["8443->443/tcp is left out"]);
    assert!(case.publish(&Plan::default()).is_ok());
}

#[test]
fn publishing_has_to_be_granted() {
    refused(Case::granted(&["nat"]).publish(&publish_plan()), Rule::Grant, 1, &["publish is not granted"]);
    assert!(Case::granted(&["publish"]).publish(&publish_plan()).is_ok());
}
