//! IPv4, IPv6 and both; networks without a way out; networks whose containers may not talk to each other.

use crate::stage::on_a_host;
use lab::{Docker, Host, OUTSIDE, OUTSIDE_V6, Place as _, World};

on_both_dockers!(on_a_host: both_families_work, an_internal_network_has_no_way_out, without_icc_containers_do_not_meet);

fn both_families_work(world: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat --subnet 10.77.0.0/24 --ipv6 --subnet fd77::/64 web");
    let left = host.start_container("left", "--network web");
    let right = host.start_container("right", "--network web -p 8080:5000");
    for address in [right.address("web"), right.address_v6("web")] {
        left.pings(&address);
        left.exchanges(&address, 16);
    }
    assert_eq!(left.asks("tcp", OUTSIDE, 5000).from, "192.0.2.1");
    assert_eq!(left.asks("tcp", OUTSIDE_V6, 5000).from, "2001:db8::1");
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "right");
    assert_eq!(world.outside.asks("tcp", "2001:db8::1", 8080).name, "right");
    host.sh("docker rm -f left right && docker network rm web");
    host.returns_to(&before);
}

/// Docker 20.10 drops `--ipv4=false` silently, so that there this cannot be asked for.
#[test]
fn ipv6_alone_works() {
    on_a_host(Docker::Newest, ipv6_works_alone);
}

fn ipv6_works_alone(world: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat --ipv4=false --ipv6 --subnet fd77::/64 web");
    let left = host.start_container("left", "--network web -p 8080:5000");
    let right = host.start_container("right", "--network web");
    left.pings("right");
    right.exchanges(&left.address_v6("web"), 16);
    assert_eq!(left.asks("tcp", OUTSIDE_V6, 5000).from, "2001:db8::1");
    assert_eq!(world.outside.asks("tcp", "2001:db8::1", 8080).name, "left");
    assert!(!left.does("ip -4 address show eth0").contains("inet"), "no IPv4 was asked for");
    host.sh("docker rm -f left right && docker network rm web");
    host.returns_to(&before);
}

fn an_internal_network_has_no_way_out(world: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat --internal --subnet 10.77.0.0/24 web");
    let left = host.start_container("left", "--network web -p 8080:5000 --cap-add NET_ADMIN");
    let right = host.start_container("right", "--network web");
    left.pings("right");
    right.exchanges("left", 16);
    left.cannot_ping(OUTSIDE);
    left.does("ip route add default via 10.77.0.1 || ip route add default dev eth0");
    left.cannot_ask("tcp", OUTSIDE, 5000);
    left.cannot_ask("udp", OUTSIDE, 5000);
    world.outside.cannot_ask("tcp", "192.0.2.1", 8080);
    for address in ["127.0.0.1", "192.0.2.1", "10.77.0.1", "::1", "2001:db8::1"] {
        host.cannot_ask("tcp", address, 8080);
    }
    assert_eq!(host.sh("ss -Hltnu | grep 8080 || true"), "", "nobody listens for a port that is not published");
    world.outside.sh("ip route add 10.77.0.0/24 via 192.0.2.1");
    world.outside.cannot_ask("tcp", &left.address("web"), 5000);
    world.outside.sh("ip route del 10.77.0.0/24");
    host.sh("docker rm -f left right && docker network rm web");
    host.returns_to(&before);
}

fn without_icc_containers_do_not_meet(_: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat --opt icc=false --subnet 10.77.0.0/24 \
             --ipv6 --subnet fd77::/64 --gateway fd77::1 web");
    let left = host.start_container("left", "--network web --cap-add NET_ADMIN");
    let right = host.start_container("right", "--network web --cap-add NET_ADMIN");
    let (to, to_v6) = (right.address("web"), right.address_v6("web"));
    left.pings("10.77.0.1");
    left.asks("tcp", OUTSIDE, 5000);
    left.asks("tcp", OUTSIDE_V6, 5000);
    left.cannot_reach(&[&to, &to_v6]);
    // The way round, through the gateway: there, and then also back.
    left.does(&format!("ip route add {to}/32 via 10.77.0.1 && ip -6 route add {to_v6}/128 via fd77::1"));
    left.cannot_reach(&[&to, &to_v6]);
    let (back, back_v6) = (left.address("web"), left.address_v6("web"));
    right.does(&format!("ip route add {back}/32 via 10.77.0.1 && ip -6 route add {back_v6}/128 via fd77::1"));
    left.cannot_reach(&[&to, &to_v6]);
    host.sh("docker rm -f left right && docker network rm web");
    host.returns_to(&before);
}
