//! Plans with rules, and the commands that would do the same as a plan.

use std::time::Duration;

use plan::{Action, AdmittedStep, Forward, Masquerade, Protocol, Publish};
use tokio::time::Instant;

use super::host::{
    endpoint, endpoint_port, found, host_port, is_fine, label, network, on_host, own_bridge, rule_step, soon, uplink,
};
use crate::{Condition, Dataplane, Error, Event, MarkedKind, Work};

/// A network as mode nat plans it, with an uplink on top.
fn nat() -> Work {
    let mut net = plain_nat(1);
    net.steps.insert(1, uplink("eth1", Some(7), &[]));
    net
}

/// Network `net` of a number, as mode nat plans it, the first one with addresses of 10.9.0.0/24.
pub(super) fn plain_nat(number: u8) -> Work {
    let third = number - 1;
    let sources = vec![format!("10.9.{third}.0/24").parse().unwrap()];
    let masquerade = Action::Masquerade(Masquerade { port: label("host"), sources });
    let forward = Action::Forward(Forward { port: label("host"), hairpin: true });
    let port = host_port(&format!("ovh{number}"), &format!("10.9.{third}.1/24"));
    let rules = [rule_step("forward", forward), rule_step("masquerade", masquerade)];
    let steps = [own_bridge(&format!("ovb{number}")), port].into_iter().chain(rules).collect();
    network(&format!("net{number}"), steps)
}

pub(super) fn publish() -> AdmittedStep {
    let publish = Publish {
        port: label("host"),
        protocol: Protocol::Tcp,
        host_address: None,
        host_port: 8080,
        target: "10.9.0.2".parse().unwrap(),
        target_port: 80,
        translate: true,
    };
    rule_step("publish", Action::Publish(publish))
}

#[test]
fn rules_come_and_go_with_their_plans() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        host.sh("ip link add eth1 type veth peer name wire");
        let (net, before) = (nat(), host.traces());
        let end = endpoint(&net, "end", vec![endpoint_port("ove2", 2), publish()]);
        plumbing.perform(&net, soon()).await.unwrap();
        let with_network = host.sh("nft list ruleset");
        plumbing.perform(&end, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await && is_fine(&plumbing, &end).await);
        assert!(host.sh("nft list ruleset").contains("8080"));
        let marked = plumbing.marked(soon()).await.unwrap();
        assert_eq!(marked.iter().filter(|thing| thing.kind == MarkedKind::Rules).count(), 2);
        plumbing.undo(&end, soon()).await.unwrap();
        assert_eq!(host.sh("nft list ruleset"), with_network);
        plumbing.undo(&net, soon()).await.unwrap();
        plumbing.drain(soon()).await.unwrap();
        host.until("all is gone", || host.traces() == before).await;
    });
}

#[test]
fn a_flushed_firewall_is_told_and_put_back() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        host.sh("ip link add eth1 type veth peer name wire");
        let net = nat();
        let end = endpoint(&net, "end", vec![endpoint_port("ove2", 2), publish()]);
        plumbing.perform(&net, soon()).await.unwrap();
        plumbing.perform(&end, soon()).await.unwrap();
        let mut events = plumbing.events();
        host.sh("nft flush ruleset");
        assert_eq!(events.recv().await.unwrap(), Event::FirewallChanged);
        assert_eq!(found(&plumbing, &end).await, [Condition::Fine, Condition::Missing]);
        plumbing.replace_rules(&[net.clone(), end.clone()], soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await && is_fine(&plumbing, &end).await);
    });
}

#[test]
fn a_firewall_that_refuses_takes_everything_back() {
    on_host(async |host| {
        let plumbing = host.plumbing_with_nft("[ ! -e $0.broken ] || { echo out of order >&2; exit 1; }").await;
        host.sh("ip link add eth1 type veth peer name wire");
        let before = host.traces();
        host.break_nft();
        let error = plumbing.perform(&nat(), soon()).await.unwrap_err();
        assert!(error.to_string().contains("out of order"), "{error}");
        host.until("all is gone", || host.traces() == before).await;
    });
}

#[test]
fn one_more_network_is_one_transaction_and_no_list() {
    on_host(async |host| {
        let plumbing = host.plumbing_with_nft("echo \"$@\" >>$0.log").await;
        plumbing.perform(&plain_nat(1), soon()).await.unwrap();
        let log = host.switch.path("bin/nft.log");
        let ran = || std::fs::read_to_string(&log).unwrap();
        std::fs::write(&log, "").unwrap();
        plumbing.perform(&plain_nat(2), soon()).await.unwrap();
        assert_eq!(ran(), "-f -\n");
        plumbing.undo(&plain_nat(2), soon()).await.unwrap();
        assert_eq!(ran(), "-f -\n-f -\n");
    });
}

#[test]
fn rules_that_came_beside_a_bridge_that_did_not_go_again() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        host.sh("ip link add eth1 type veth peer name wire");
        let before = host.sh("nft list ruleset");
        host.switch.kill_daemon();
        let shortly = Instant::now() + Duration::from_millis(300);
        let error = plumbing.perform(&nat(), shortly).await.unwrap_err();
        assert!(matches!(error, Error::NotTakenOver { .. }), "{error}");
        assert_eq!(host.sh("nft list ruleset"), before);
    });
}

#[test]
fn the_commands_that_explain_a_plan_do_what_it_does() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        host.sh("ip link add eth1 type veth peer name wire");
        let net = nat();
        let end = endpoint(&net, "end", vec![endpoint_port("ove2", 2), publish()]);
        for work in [&net, &end] {
            for (_, lines) in plumbing.explain(work) {
                assert!(!lines.is_empty());
                // Docker, whose chains some commands are about, is not on this host.
                lines.iter().filter(|line| !line.contains("iptables")).for_each(|line| drop(host.sh(line)));
            }
            let all = vec![Condition::Fine; work.steps.len()];
            super::host::becomes(&plumbing, work, &all).await;
        }
    });
}
