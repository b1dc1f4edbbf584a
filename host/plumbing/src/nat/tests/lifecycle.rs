//! Rules come, go, are found missing, and come back.

use std::process::Command;
use std::time::Duration;

use super::world::{World, ask, firewall, forward, mark, misses, name, nat, open, publish, serve, somebody};
use crate::nat::{Effect, FirewallError, Rule, shell};

pub(super) fn everything() -> Vec<Rule> {
    let mut rules = nat();
    let port = Rule { mark: mark(None), effect: Effect::Guard { uplink: name("eth1") } };
    rules.extend([port, publish("8080->10.1.0.2:80/tcp"), publish("192.0.2.1:80->10.1.0.2:80/sctp")]);
    rules.extend([
        publish("127.0.0.1:80->10.1.0.2:80/tcp"),
        publish("9->[fd00:10:1::2]:9/udp"),
        open("10.1.0.3:80/tcp"),
    ]);
    rules
}

#[test]
fn applying_is_idempotent_and_removing_leaves_nothing() {
    let world = World::new();
    world.firewall(|firewall| async move { firewall.ensure_base().await.unwrap() });
    let before = world.host.sh("nft list ruleset");
    world.firewall(|firewall| async move {
        let rules = everything();
        for _ in 0..2 {
            firewall.apply(&rules, &[]).await.unwrap();
            assert_eq!(firewall.missing(&rules).await.unwrap(), []);
        }
        let mut marks = firewall.marked().await.unwrap();
        marks.sort_by_key(|mark| mark.endpoint.is_some());
        assert_eq!(marks, [mark(None), mark(Some("end"))]);
        for _ in 0..2 {
            firewall.apply(&[], &rules).await.unwrap();
        }
        assert_eq!(firewall.missing(&rules).await.unwrap().len(), rules.len() - 1, "a loopback address has no rule");
    });
    assert_eq!(world.host.sh("nft list ruleset"), before);
    world.firewall(|firewall| async move { firewall.remove_all().await.unwrap() });
    assert_eq!(world.host.sh("nft list ruleset"), "");
}

#[test]
fn a_port_of_a_lost_container_is_taken_over() {
    let world = World::new();
    serve(&world.b, 80);
    let mut rules = nat();
    rules.push(publish("8080->10.1.0.2:80/tcp"));
    world.with(&rules);
    world.with(&[publish("8080->10.1.0.3:80/tcp")]);
    assert!(ask(&world.outside, "192.0.2.1:8080").is_some());
}

/// What could not all be undone is undone again later, when its place may be another container's, which may even have the
/// address that the first one had.
#[test]
fn what_is_undone_late_takes_nobody_elses_rule_along() {
    let world = World::new();
    let mut pairs: Vec<[Rule; 2]> = [
        ["8080->10.1.0.2:80/tcp", "8080->10.1.0.3:80/tcp"],
        ["8080->10.1.0.2:80/udp", "8080->10.1.0.2:80/udp"],
        ["192.0.2.1:8080->10.1.0.2:80/tcp", "192.0.2.1:8080->10.1.0.2:81/tcp"],
        ["8080->[fd00:10:1::2]:80/sctp", "8080->[fd00:10:1::3]:80/sctp"],
        ["[fd00:192:0:2::1]:8080->[fd00:10:1::2]:80/tcp", "[fd00:192:0:2::1]:8080->[fd00:10:1::2]:80/tcp"],
    ]
    .map(|pair| pair.map(publish))
    .into();
    pairs.push(["10.1.0.2:80/tcp"; 2].map(open));
    pairs.push(["[fd00:10:1::2]:80/udp"; 2].map(open));
    world.firewall(|firewall| async move {
        firewall.ensure_base().await.unwrap();
        for [gone, mut come] in pairs {
            come.mark = mark(Some("other"));
            let (gone, come) = ([gone], [come]);
            firewall.apply(&gone, &[]).await.unwrap();
            firewall.apply(&[], &gone).await.unwrap();
            firewall.apply(&come, &[]).await.unwrap();
            firewall.apply(&[], &gone).await.unwrap();
            assert_eq!(firewall.missing(&come).await.unwrap(), [], "the other one's stands");
            firewall.apply(&[], &come).await.unwrap();
            assert_eq!(firewall.missing(&come).await.unwrap(), come, "whose it is may remove it");
        }
    });
}

#[test]
fn a_mark_is_removed_with_all_it_has() {
    let world = World::new();
    world.with(&everything());
    world.firewall(|firewall| async move {
        firewall.remove(&mark(Some("end"))).await.unwrap();
        assert_eq!(firewall.marked().await.unwrap(), [mark(None)]);
        assert_eq!(firewall.missing(&nat()).await.unwrap(), []);
    });
}

#[test]
fn replacing_drops_what_nobody_asked_for() {
    let world = World::new();
    world.with(&everything());
    world.firewall(|firewall| async move {
        let rules = [forward("ovh1", false), publish("8080->10.1.0.2:80/tcp")];
        firewall.replace(&rules).await.unwrap();
        assert_eq!(firewall.missing(&rules).await.unwrap(), []);
        assert_eq!(firewall.missing(&nat()).await.unwrap(), nat(), "hairpin is off, too");
    });
}

#[test]
fn verifying_many_costs_little_more_than_verifying_one() {
    let world = World::new();
    world.firewall(|firewall| async move {
        let rules: Vec<Rule> = (1..1000).map(|port| publish(&format!("{port}->10.1.0.2:80/tcp"))).collect();
        firewall.ensure_base().await.unwrap();
        firewall.apply(&rules, &[]).await.unwrap();
        let before = std::time::Instant::now();
        for rule in &rules {
            assert_eq!(firewall.missing(std::slice::from_ref(rule)).await.unwrap(), []);
        }
        println!("verified one by one: {:?}", before.elapsed());
        assert!(before.elapsed() < Duration::from_secs(3), "it would be 40 s with a listing each");
        let before = std::time::Instant::now();
        firewall.apply(&[publish("2000->10.1.0.2:80/tcp")], &[]).await.unwrap();
        println!("one more port: {:?}", before.elapsed());
        let before = std::time::Instant::now();
        firewall.forget(["10.1.0.2", "fd00:10:1::2"].map(|address| address.parse().unwrap()).into()).await.unwrap();
        println!("two addresses forgotten: {:?}", before.elapsed());
    });
}

/// The kernel numbers processes anew in there, as in a container or in the lab.
#[test]
fn our_own_changes_are_known_in_a_pid_namespace_too() {
    let itself = std::env::current_exe().unwrap();
    let mut inside = Command::new("unshare");
    inside.args(["--pid", "--fork", "--mount-proc"]).arg(itself);
    inside.args(["--exact", "nat::tests::lifecycle::changes_by_others_are_told_and_our_own_are_not"]);
    let said = String::from_utf8(inside.output().unwrap().stdout).unwrap();
    assert!(said.contains("1 passed; 0 failed"), "{said}");
}

#[test]
fn changes_by_others_are_told_and_our_own_are_not() {
    let world = World::new();
    world.with(&everything());
    world.firewall(|firewall| async move {
        let mut watch = firewall.watch().unwrap();
        firewall.apply(&[publish("1->10.1.0.2:1/tcp")], &[]).await.unwrap();
        somebody("nft add table inet somebody").await;
        assert!(tokio::time::timeout(Duration::from_millis(300), watch.changed()).await.is_err(), "nothing of ours");
        somebody("nft flush ruleset").await;
        tokio::time::timeout(Duration::from_secs(5), watch.changed()).await.unwrap();
        let again = tokio::time::timeout(Duration::from_millis(300), watch.changed()).await;
        assert!(again.is_err(), "one change is told once");
    });
}

#[test]
fn forwarding_is_turned_on_where_nobody_did_and_opens_nothing() {
    let world = World::new();
    world.host.sh("ip link del docker0; echo 0 >/proc/sys/net/ipv4/ip_forward;
        echo 0 >/proc/sys/net/ipv6/conf/all/forwarding; echo 1 >/proc/sys/net/ipv6/conf/eth0/accept_ra");
    world.host.sh(&format!(
        "ip link add eth1 type veth peer name eth1 netns {} && ip link set eth1 up && ip address add 198.51.100.1/24 dev eth1",
        world.d.id()
    ));
    world.d.sh(
        "ip link set eth1 up && ip address add 198.51.100.2/24 dev eth1 && ip route replace default via 198.51.100.1",
    );
    serve(&world.outside, 80);
    assert!(misses(&world.d, "192.0.2.9:80"), "this host was no router");
    world.with(&nat());
    assert!(ask(&world.a, "192.0.2.9:80").is_some() && ask(&world.a, "[fd00:192:0:2::9]:80").is_some());
    assert!(misses(&world.d, "192.0.2.9:80"), "and is none now");
    // Somebody's bridge that comes later works, and is not open to everybody either.
    world.host.sh(&format!(
        "ip link add late type veth peer name eth2 netns {} && ip link set late up && ip address add 203.0.113.1/24 dev late",
        world.c.id()
    ));
    world.c.sh(
        "ip link set eth2 up && ip address add 203.0.113.2/24 dev eth2 && ip route replace default via 203.0.113.1",
    );
    serve(&world.c, 80);
    assert!(ask(&world.c, "192.0.2.9:80").is_some());
    assert!(misses(&world.outside, "203.0.113.2:80"));
    world.host.sh("ip link del late");
    assert_eq!(world.host.sh("cat /proc/sys/net/ipv6/conf/eth0/accept_ra").trim(), "2", "its own default route stays");
    world.firewall(|firewall| async move {
        firewall.replace(&nat()).await.unwrap();
        firewall.apply(&[], &nat()).await.unwrap();
    });
    let switches = "cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding";
    assert_eq!(world.host.sh(switches), "0\n0\n");
    assert_eq!(world.host.sh("cat /proc/sys/net/ipv6/conf/eth0/accept_ra").trim(), "1", "as it was");
    assert!(!world.host.sh("nft list ruleset").contains("elements"));
    world.with(&nat());
    world.host.sh("ip link add docker1 type bridge && ip address add 172.18.0.1/16 dev docker1");
    world.firewall(|firewall| async move { firewall.apply(&[], &nat()).await.unwrap() });
    assert_eq!(world.host.sh(switches), "1\n0\n", "somebody came who may need it");
}

#[test]
fn commands_are_shown_as_they_would_work() {
    let world = World::new();
    world.firewall(|firewall| async move { firewall.ensure_base().await.unwrap() });
    let rules = everything();
    let lines: Vec<String> = world.host.run(|| {
        let firewall = firewall();
        everything().iter().flat_map(|rule| shell(firewall.config(), rule)).collect()
    });
    for line in lines.iter().filter(|line| line.starts_with("nft ")) {
        world.host.sh(line);
    }
    assert!(lines.iter().any(|line| line == "iptables -A FORWARD -i ovh+ -m comment --comment docker-ovs -j ACCEPT"));
    world.firewall(|firewall| async move { assert_eq!(firewall.missing(&rules).await.unwrap(), []) });
}

#[test]
fn a_name_that_cannot_be_written_is_said() {
    let world = World::new();
    world.firewall(|firewall| async move {
        let rule = Rule { mark: mark(None), effect: Effect::Guard { uplink: name("a\"b") } };
        let error = firewall.apply(&[rule], &[]).await.unwrap_err();
        assert!(matches!(&error, FirewallError::Name(name) if name == "a\"b"), "{error}");
    });
}
