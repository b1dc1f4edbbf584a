//! Published ports and the way out.

use super::world::{World, ask, echo, forward, masquerade, misses, nat, open, pings, publish, send, serve};

#[test]
fn the_way_out_carries_the_hosts_address() {
    let world = World::new();
    serve(&world.outside, 80);
    world.with(&nat());
    assert_eq!(ask(&world.a, "192.0.2.9:80").as_deref(), Some("192.0.2.1"));
    assert_eq!(ask(&world.a, "[fd00:192:0:2::9]:80").as_deref(), Some("fd00:192:0:2::1"));
}

#[test]
fn without_masquerade_it_carries_the_containers() {
    let world = World::new();
    serve(&world.outside, 80);
    world.with(&[forward("ovh1", true)]);
    assert_eq!(ask(&world.a, "192.0.2.9:80").as_deref(), Some("10.1.0.2"));
    world.with(&[masquerade("ovh1", &["10.9.0.0/24"])]);
    assert_eq!(ask(&world.a, "192.0.2.9:80").as_deref(), Some("10.1.0.2"), "not in the network's pools");
}

#[test]
fn a_published_port_is_reached_from_everywhere() {
    let world = World::new();
    serve(&world.a, 80);
    let mut rules = nat();
    rules.extend([publish("8080->10.1.0.2:80/tcp"), publish("8080->[fd00:10:1::2]:80/tcp")]);
    world.with(&rules);
    let (four, six) = ("192.0.2.1:8080", "[fd00:192:0:2::1]:8080");
    assert_eq!(ask(&world.outside, four).as_deref(), Some("192.0.2.9"), "outside is seen as it is");
    assert_eq!(ask(&world.outside, six).as_deref(), Some("fd00:192:0:2::9"));
    for (who, name) in [(&world.host, "host"), (&world.a, "a"), (&world.b, "b"), (&world.c, "c"), (&world.d, "d")] {
        assert!(ask(who, four).is_some(), "{name}");
        assert!(ask(who, six).is_some(), "{name}");
    }
    assert_eq!(ask(&world.a, four).as_deref(), Some("10.1.0.1"), "itself, by the host");
    assert_eq!(ask(&world.b, six).as_deref(), Some("fd00:10:1::1"), "its sibling, by the host");
    assert!(ask(&world.host, "10.2.0.1:8080").is_some(), "any address of the host");
    assert!(ask(&world.d, "172.17.0.1:8080").is_some(), "Docker's gateway");
    assert!(misses(&world.host, "127.0.0.1:8080"), "a relay's work");
}

#[test]
fn a_port_published_on_one_address_is_not_on_others() {
    let world = World::new();
    serve(&world.a, 80);
    let mut rules = nat();
    rules.extend([publish("192.0.2.1:8080->10.1.0.2:80/tcp"), publish("127.0.0.1:8081->10.1.0.2:80/tcp")]);
    rules.push(publish("0.0.0.0:8082->10.1.0.2:80/tcp"));
    world.with(&rules);
    assert!(ask(&world.outside, "192.0.2.1:8080").is_some());
    assert!(ask(&world.c, "192.0.2.1:8080").is_some());
    assert!(misses(&world.c, "10.2.0.1:8080"));
    assert!(misses(&world.outside, "192.0.2.1:8081"));
    assert!(ask(&world.outside, "192.0.2.1:8082").is_some(), "0.0.0.0 is all of them");
}

#[test]
fn udp_is_published_too() {
    let world = World::new();
    echo(&world.a, 53, "a");
    let mut rules = nat();
    rules.extend([publish("53->10.1.0.2:53/udp"), publish("53->[fd00:10:1::2]:53/udp")]);
    world.with(&rules);
    for who in [&world.outside, &world.host, &world.a, &world.b, &world.c, &world.d] {
        assert_eq!(send(who, 4000, "192.0.2.1:53").as_deref(), Some("a"));
        assert_eq!(send(who, 4001, "[fd00:192:0:2::1]:53").as_deref(), Some("a"));
    }
}

#[test]
fn a_routed_port_is_opened_and_not_translated() {
    let world = World::new();
    serve(&world.a, 80);
    serve(&world.a, 81);
    world.with(&[forward("ovh1", true), open("10.1.0.2:80/tcp"), open("[fd00:10:1::2]:80/tcp")]);
    assert_eq!(ask(&world.outside, "10.1.0.2:80").as_deref(), Some("192.0.2.9"));
    assert_eq!(ask(&world.outside, "[fd00:10:1::2]:80").as_deref(), Some("fd00:192:0:2::9"));
    assert!(misses(&world.outside, "10.1.0.2:81"));
    assert!(misses(&world.outside, "10.1.0.3:80"));
}

#[test]
fn what_has_an_open_port_answers_a_ping() {
    let world = World::new();
    let rules = [forward("ovh1", true), forward("ovh2", true), publish("8080->10.2.0.2:80/tcp")];
    world.with(&rules);
    world.with(&[open("10.1.0.2:80/tcp"), open("10.1.0.2:80/udp"), open("[fd00:10:1::2]:80/tcp")]);
    for who in [&world.outside, &world.c, &world.d] {
        assert!(pings(who, "10.1.0.2") && pings(who, "fd00:10:1::2"));
        assert!(!pings(who, "10.1.0.3") && !pings(who, "fd00:10:1::3"), "it opened nothing");
    }
    assert!(!pings(&world.outside, "10.2.0.2"), "it is known by the host's address");
    assert!(pings(&world.b, "10.1.0.2") && pings(&world.a, "192.0.2.9"), "in the own network and out, as ever");
}
