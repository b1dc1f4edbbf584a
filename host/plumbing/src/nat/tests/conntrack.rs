//! Connections that must not go on as they were.

use super::world::{World, ask, echo, nat, publish, send, serve};

#[test]
fn a_udp_flow_moves_to_the_new_container() {
    let world = World::new();
    world.with(&nat());
    echo(&world.a, 53, "a");
    echo(&world.b, 53, "b");
    assert_eq!(send(&world.outside, 4000, "192.0.2.1:53"), None, "nobody there, and remembered so");
    let (first, second) = (publish("53->10.1.0.2:53/udp"), publish("53->10.1.0.3:53/udp"));
    world.with(std::slice::from_ref(&first));
    assert_eq!(send(&world.outside, 4000, "192.0.2.1:53").as_deref(), Some("a"));
    world.firewall(|firewall| async move { firewall.apply(&[second], &[first]).await.unwrap() });
    assert_eq!(send(&world.outside, 4000, "192.0.2.1:53").as_deref(), Some("b"));
}

#[test]
fn a_port_that_goes_cuts_its_connections_and_no_others() {
    let world = World::new();
    let mut rules = nat();
    let gone = publish("8080->10.1.0.2:80/tcp");
    rules.extend([gone.clone(), publish("8081->10.1.0.2:81/tcp"), publish("8082->[fd00:10:1::2]:80/tcp")]);
    world.with(&rules);
    for (port, listen) in [(8080, 80), (8081, 81)] {
        serve(&world.a, listen);
        assert!(ask(&world.outside, &format!("192.0.2.1:{port}")).is_some());
    }
    assert!(ask(&world.outside, "[fd00:192:0:2::1]:8082").is_some());
    let tracked = || world.host.sh("conntrack -L 2>/dev/null; conntrack -L -f ipv6 2>/dev/null");
    assert!(["8080", "8081", "8082"].iter().all(|port| tracked().contains(&format!("dport={port} "))), "{}", tracked());
    world.firewall(|firewall| async move { firewall.apply(&[], &[gone]).await.unwrap() });
    let left = tracked();
    assert!(!left.contains("dport=8080 ") && left.contains("dport=8081 ") && left.contains("dport=8082 "), "{left}");
    let addresses = ["fd00:10:1::2", "10.1.0.2"].map(|address| address.parse().unwrap());
    world.firewall(move |firewall| async move { firewall.forget(addresses.into()).await.unwrap() });
    let left = tracked();
    assert!(!left.contains("dport=8081 ") && !left.contains("dport=8082 "), "{left}");
}

#[test]
fn what_an_address_opened_is_forgotten_with_it() {
    let world = World::new();
    serve(&world.outside, 80);
    world.with(&nat());
    assert!(ask(&world.a, "192.0.2.9:80").is_some() && ask(&world.b, "192.0.2.9:80").is_some());
    world.firewall(|firewall| async move { firewall.forget(["10.1.0.2".parse().unwrap()].into()).await.unwrap() });
    let left = world.host.sh("conntrack -L 2>/dev/null");
    assert!(!left.contains("src=10.1.0.2 ") && left.contains("src=10.1.0.3 "), "{left}");
}
