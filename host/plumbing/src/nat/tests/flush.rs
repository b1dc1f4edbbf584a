//! After somebody flushed the whole ruleset, everything is put back as it was.

use super::world::{World, ask, misses, nat, open, publish, serve, somebody};
use crate::nat::{Firewall, Rule};

/// Sets are listed in whatever order the kernel keeps them.
const LISTING: &str = "nft list ruleset | tr ',' '\\n' | sed 's/^[ \\t]*//; s/elements = { //; s/ }$//' | sort";

/// A host that is no router, with something of everything.
fn world() -> (World, Vec<Rule>) {
    let world = World::new();
    world.host.sh("ip link del docker0; echo 0 >/proc/sys/net/ipv4/ip_forward;
        echo 0 >/proc/sys/net/ipv6/conf/all/forwarding");
    let mut rules = nat();
    rules.extend([publish("8080->10.1.0.2:80/tcp"), publish("9->[fd00:10:1::2]:9/udp"), open("10.2.0.2:80/tcp")]);
    (world, rules)
}

/// Flushes, and puts back; what there was before and after.
async fn flushed(firewall: &Firewall, rules: &[Rule]) -> (String, String) {
    let before = somebody(LISTING).await;
    somebody("nft flush ruleset").await;
    assert_eq!(somebody("nft list ruleset").await, "");
    firewall.replace(rules).await.unwrap();
    (before, somebody(LISTING).await)
}

#[test]
fn the_same_is_there_as_before() {
    let (world, rules) = world();
    serve(&world.a, 80);
    let (before, after) = world.firewall(|firewall| async move {
        firewall.ensure_base().await.unwrap();
        firewall.apply(&rules, &[]).await.unwrap();
        flushed(&firewall, &rules).await
    });
    assert_eq!(after, before);
    for set in ["closed4", "closed6"] {
        assert!(world.host.sh(&format!("nft list set inet docker-ovs {set}")).contains("\"eth0\""), "{set}");
    }
    assert!(ask(&world.outside, "192.0.2.1:8080").is_some());
    assert!(misses(&world.outside, "10.1.0.2:80"));
}

#[test]
fn what_an_earlier_process_closed_is_closed_again() {
    let (world, rules) = world();
    world.with(&rules);
    let (before, after) = world.firewall(|firewall| async move {
        firewall.ensure_base().await.unwrap();
        firewall.replace(&rules).await.unwrap();
        flushed(&firewall, &rules).await
    });
    assert_eq!(after, before);
    assert!(before.contains("\"eth0\""), "{before}");
}

#[test]
fn forwarding_is_turned_off_again_though_the_links_were_flushed() {
    let (world, rules) = world();
    world.firewall(|firewall| async move {
        firewall.ensure_base().await.unwrap();
        firewall.apply(&rules, &[]).await.unwrap();
        somebody("nft flush ruleset").await;
        firewall.apply(&[], &rules).await.unwrap();
    });
    assert_eq!(world.host.sh("cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding"), "0\n0\n");
}
