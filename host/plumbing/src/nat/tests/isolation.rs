//! What is not opened is closed.

use super::world::{World, ask, forward, misses, nat, publish, serve};

#[test]
fn unpublished_ports_are_reached_from_nowhere_else() {
    let world = World::new();
    for who in [&world.a, &world.c] {
        serve(who, 80);
        serve(who, 81);
    }
    let mut rules = nat();
    rules.push(publish("8080->10.1.0.2:80/tcp"));
    world.with(&rules);
    for who in [&world.outside, &world.c, &world.d] {
        assert!(misses(who, "10.1.0.2:80"), "published elsewhere");
        assert!(misses(who, "10.1.0.2:81"));
        assert!(misses(who, "[fd00:10:1::2]:81"));
        assert!(misses(who, "192.0.2.1:81"));
    }
    assert!(misses(&world.a, "10.2.0.2:80"), "the other way round");
    assert!(misses(&world.a, "[fd00:10:2::2]:80"));
    assert!(ask(&world.b, "10.1.0.2:81").is_some(), "in the own network");
    assert!(ask(&world.host, "10.1.0.2:81").is_some(), "the host itself, as with Docker's bridges");
}

#[test]
fn a_host_port_without_forwarding_has_no_way_out() {
    let world = World::new();
    serve(&world.outside, 80);
    serve(&world.c, 80);
    serve(&world.a, 80);
    world.with(&[forward("ovh2", true), publish("8080->10.2.0.2:80/tcp"), publish("8081->10.1.0.2:80/tcp")]);
    assert!(misses(&world.a, "192.0.2.9:80"));
    assert!(misses(&world.a, "[fd00:192:0:2::9]:80"));
    assert!(misses(&world.a, "192.0.2.1:8080"), "nor to another network's published port");
    assert!(misses(&world.b, "192.0.2.1:8081"), "nor around to its own");
}

#[test]
fn siblings_reach_each_other_by_the_host_only_where_they_may() {
    let world = World::new();
    serve(&world.a, 80);
    // Frames between the two are kept apart by the switch; here by a route for the sibling over the gateway, and a
    // bridge that does not switch between them.
    world.host.sh("bridge link set dev va isolated on && bridge link set dev vb isolated on");
    world.b.sh("ip route add 10.1.0.2/32 via 10.1.0.1 && ip -6 route add fd00:10:1::2/128 via fd00:10:1::1");
    world.a.sh("ip route add 10.1.0.3/32 via 10.1.0.1 && ip -6 route add fd00:10:1::3/128 via fd00:10:1::1");
    world.with(&[forward("ovh1", false), publish("8080->10.1.0.2:80/tcp")]);
    assert!(misses(&world.b, "10.1.0.2:80"));
    assert!(misses(&world.b, "[fd00:10:1::2]:80"));
    assert!(ask(&world.b, "192.0.2.1:8080").is_some(), "a published port is for everybody");
    world.with(&[forward("ovh1", true)]);
    assert_eq!(ask(&world.b, "10.1.0.2:80").as_deref(), Some("10.1.0.3"));
    assert!(ask(&world.b, "[fd00:10:1::2]:80").is_some());
}

#[test]
fn strangers_forward_as_ever() {
    let world = World::new();
    serve(&world.outside, 80);
    serve(&world.d, 80);
    world.with(&nat());
    assert!(ask(&world.d, "192.0.2.9:80").is_some());
    assert!(ask(&world.outside, "172.17.0.2:80").is_some(), "nothing of ours says anything about it");
}

#[test]
fn the_host_does_not_see_frames_of_container_links() {
    let world = World::new();
    world.host.sh("echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter");
    world.host.sh(&format!(
        "ip link add ove1 type veth peer name eth1 netns {} && ip link set ove1 up && ip address add 10.9.0.1/24 dev ove1 &&
        ip address add fd00:10:9::1/64 dev ove1 nodad",
        world.a.id()
    ));
    world.a.sh(
        "ip link set eth1 up && ip address add 10.9.0.2/24 dev eth1 && ip address add fd00:10:9::2/64 dev eth1 nodad",
    );
    serve(&world.host, 90);
    assert!(ask(&world.a, "10.9.0.1:90").is_some(), "the host answers where nothing keeps it from that");
    world.a.sh("ip neighbour flush dev eth1");
    world.with(&[]);
    assert!(misses(&world.a, "10.9.0.1:90"));
    assert!(!world.a.sh("ip neighbour show dev eth1").contains("lladdr"), "not even ARP");
    assert!(misses(&world.a, "[fd00:10:9::1]:90"));
    let mac = world
        .host
        .sh("cat /sys/class/net/ove1/address 2>/dev/null || ip -o link show ove1 | sed 's/.*ether //; s/ .*//'");
    world.a.sh(&format!("ip neighbour replace 10.9.0.1 lladdr {} dev eth1", mac.trim()));
    assert!(misses(&world.a, "10.9.0.1:90"), "nor what is sent to its address");
}

#[test]
fn nor_of_uplinks_that_are_guarded() {
    use crate::nat::{Effect, Rule};
    let world = World::new();
    serve(&world.host, 90);
    assert!(ask(&world.outside, "192.0.2.1:90").is_some());
    let guard = Rule { mark: super::world::mark(None), effect: Effect::Guard { uplink: super::world::name("eth0") } };
    world.with(std::slice::from_ref(&guard));
    world.outside.sh("ip neighbour flush dev eth0");
    assert!(misses(&world.outside, "192.0.2.1:90"));
    assert!(!world.outside.sh("ip neighbour show dev eth0").contains("lladdr"));
    world.firewall(|firewall| async move { firewall.apply(&[], &[guard]).await.unwrap() });
    world.outside.sh("ip neighbour flush dev eth0");
    assert!(ask(&world.outside, "192.0.2.1:90").is_some());
}
