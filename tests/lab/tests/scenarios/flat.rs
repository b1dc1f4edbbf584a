//! A `flat` network on an uplink: containers side by side with what is on the wire.

use lab::{Host, Place as _, ROUTER, World};

on_both_dockers!(
    on_a_host:
    containers_live_on_the_wire,
    the_management_interface_is_refused_as_an_uplink,
    a_published_port_is_refused_or_let_pass_as_asked,
);

fn containers_live_on_the_wire(world: &World, host: &Host) {
    world.router.sh("ip address add 198.51.100.1/32 dev lo");
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=flat --opt uplink=eth1 --subnet 10.9.0.0/24 \
             --gateway 10.9.0.254 --ip-range 10.9.0.64/26 --aux-address taken=10.9.0.64 lan");
    let left = host.start_container("left", "--network lan");
    let right = host.start_container("right", "--network lan");

    for container in [left, right] {
        let address = container.address("lan");
        let last: u8 = address.strip_prefix("10.9.0.").and_then(|last| last.parse().ok()).expect("is in the subnet");
        assert!((65..128).contains(&last), "{address} is in the range and not the one that is taken");
        assert_eq!(container.asks("tcp", ROUTER, 5000).from, address, "nothing translates on the way");
        assert_eq!(container.does("ip route | grep default").split(' ').nth(2), Some(ROUTER));
        container.pings("198.51.100.1");
        container.does("test $(ls /sys/class/net | wc -l) = 2");
        container.exchanges(ROUTER, 16);
        assert_eq!(world.router.asks("udp", &address, 5000).from, ROUTER);
    }
    left.pings("right");
    left.exchanges("right", 64);

    host.sh("docker rm -f left right && docker network rm lan");
    host.returns_to(&before);
    world.router.sh("ip address del 198.51.100.1/32 dev lo");
}

fn the_management_interface_is_refused_as_an_uplink(world: &World, host: &Host) {
    let before = host.snapshot();
    let said = host.fails("docker network create -d ovs --opt mode=flat --opt uplink=eth0 --subnet 10.8.0.0/24 lan");
    assert!(said.contains("eth0") && said.contains("default route"), "says which and why: {said}");
    let said = host.fails("docker network create -d ovs --opt mode=flat --opt uplink=eth9 --subnet 10.8.0.0/24 lan");
    assert!(said.contains("eth9"), "says which: {said}");
    host.returns_to(&before);
    world.outside.pings("192.0.2.1");
}

fn a_published_port_is_refused_or_let_pass_as_asked(_: &World, host: &Host) {
    let create = "docker network create -d ovs --opt mode=flat --gateway 10.9.0.253 --subnet 10.9.0.0/24";
    host.sh(&format!("{create} lan"));
    let before = host.snapshot();
    let said = host.fails("docker run --rm --network lan -p 8080:5000 lab true");
    assert!(
        said.contains("5000/tcp") && said.contains("publish=ignore"),
        "says what it cannot, and what helps: {said}"
    );
    host.sh("docker ps -aq | xargs -r docker rm");
    host.returns_to(&before);
    host.sh(&format!("docker network rm lan && {create} --opt publish=ignore lan"));
    host.sh("docker run --rm --network lan -p 8080:5000 lab true && docker network rm lan");
}
