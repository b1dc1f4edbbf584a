//! `-p` in all its forms: reachable from everywhere it should be, before and after a stop.

use lab::{Container, Host, LONG, Place as _, World};

on_both_dockers!(
    on_a_host:
    a_published_port_is_reachable_from_everywhere,
    ranges_chosen_ports_and_single_addresses_are_honoured,
    a_busy_port_is_an_error_and_leaves_nothing,
    a_udp_flow_moves_to_the_new_container,
    sctp_is_published_as_the_kernel_can,
);

/// From outside, from the host (its loopbacks, too), from a neighbour and from the container itself.
fn answers_everywhere(world: &World, host: &Host, left: Container<'_>, right: Container<'_>, protocol: &str) {
    for address in ["192.0.2.1", "2001:db8::1"] {
        assert_eq!(world.outside.asks(protocol, address, 8080).name, "left", "{protocol} from outside");
        assert_eq!(right.asks(protocol, address, 8080).name, "left", "{protocol} from a neighbour");
        assert_eq!(left.asks(protocol, address, 8080).name, "left", "{protocol} from itself");
    }
    for address in ["192.0.2.1", "2001:db8::1", "127.0.0.1", "::1", "10.77.0.1"] {
        assert_eq!(host.asks(protocol, address, 8080).name, "left", "{protocol} from the host");
    }
}

fn a_published_port_is_reachable_from_everywhere(world: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat --subnet 10.77.0.0/24 --ipv6 --subnet fd77::/64 web");
    let empty = host.snapshot();
    let left = host.start_container("left", "--network web -p 8080:5000 -p 8080:5000/udp");
    let right = host.start_container("right", "--network web");
    answers_everywhere(world, host, left, right, "tcp");
    answers_everywhere(world, host, left, right, "udp");
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).from, "192.0.2.100", "the container sees who asks");
    assert_eq!(host.sh("cat /proc/sys/net/ipv4/conf/all/route_localnet"), "0");
    world.outside.exchanges_on("192.0.2.1", 8080, 64);
    host.exchanges_on("127.0.0.1", 8080, 16);

    host.sh("docker stop -t 0 left");
    for protocol in ["tcp", "udp"] {
        world.outside.cannot_ask(protocol, "192.0.2.1", 8080);
        host.cannot_ask(protocol, "127.0.0.1", 8080);
    }
    host.sh("docker start left");
    answers_everywhere(world, host, left, right, "tcp");
    answers_everywhere(world, host, left, right, "udp");
    host.sh("docker rm -f left right");
    host.returns_to(&empty);
    host.sh("docker network rm web");
    host.returns_to(&before);
}

fn ranges_chosen_ports_and_single_addresses_are_honoured(world: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat web && ip address add 192.0.2.11/24 dev eth0");
    host.start_container("range", "--network web -p 8090-8091:5000-5001");
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8090).name, "range");
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8091).name, "range");

    host.start_container("local", "--network web -p 127.0.0.1:8081:5000");
    assert_eq!(host.asks("tcp", "127.0.0.1", 8081).name, "local");
    world.outside.cannot_ask("tcp", "192.0.2.1", 8081);

    host.start_container("second", "--network web -p 192.0.2.11:8082:5000");
    assert_eq!(world.outside.asks("tcp", "192.0.2.11", 8082).name, "second");
    world.outside.cannot_ask("tcp", "192.0.2.1", 8082);

    let listening = host.snapshot();
    host.start_container("chosen", "--network web -p 5000");
    let chosen = listening.difference(&host.snapshot());
    let port = chosen.lines().find_map(|line| line.strip_prefix("  + tcp 0.0.0.0:"));
    let port = port.and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("no new socket in {chosen}"));
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", port).name, "chosen");

    host.start_container("few", "--network web -p 8100-8101:5000");
    host.start_container("more", "--network web -p 8100-8101:5000");
    let answers = [8100, 8101].map(|port| world.outside.asks("tcp", "192.0.2.1", port).name);
    assert!(answers.contains(&"few".to_owned()) && answers.contains(&"more".to_owned()), "each has one: {answers:?}");

    host.sh("docker rm -f $(docker ps -aq) && docker network rm web && ip address del 192.0.2.11/24 dev eth0");
    host.returns_to(&before);
}

fn a_busy_port_is_an_error_and_leaves_nothing(world: &World, host: &Host) {
    let at_first = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat web");
    host.start_container("left", "--network web -p 8080:5000");
    let _stranger = host.start_sh("exec lab-peer serve stranger 8081");
    host.until(LONG, "lab-peer ask tcp 127.0.0.1 8081");
    let before = host.snapshot();
    for port in [8080, 8081] {
        let said = host.fails(&format!("docker run --name right --network web -p {port}:5000 lab true"));
        assert!(said.contains(&port.to_string()), "says which port: {said}");
        host.sh("docker rm right");
    }
    host.returns_to(&before);
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "left");
    host.sh("docker rm -f left && docker network rm web && pkill -fx 'lab-peer serve stranger 8081'");
    host.returns_to(&at_first);
}

fn a_udp_flow_moves_to_the_new_container(world: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat web");
    host.start_container("old", "--network web -p 8080:5000/udp");
    // From one port all the time, without a pause: what the kernel remembers of the flow never gets old.
    let flow = world.outside.start_sh("lab-peer flow 192.0.2.1 8080 new | tee /run/lab/flow");
    world.outside.until(LONG, "grep old /run/lab/flow");
    host.sh("docker rm -f old");
    host.start_container("new", "--network web -p 8080:5000/udp");
    assert_eq!(flow.finish(), "old\nnew");
    host.sh("docker rm -f new && docker network rm web");
    host.returns_to(&before);
}

/// Kernels without sockets for SCTP get it as rules only: not on loopback addresses then.
fn sctp_is_published_as_the_kernel_can(world: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat --subnet 10.77.0.0/24 --ipv6 --subnet fd77::/64 web");
    host.start_container("left", "--network web -p 8080:5000/sctp");
    let right = host.start_container("right", "--network web");
    let answers = || {
        for address in ["192.0.2.1", "2001:db8::1"] {
            assert_eq!(world.outside.asks("sctp", address, 8080).name, "left", "from outside");
            assert_eq!(right.asks("sctp", address, 8080).name, "left", "from a neighbour");
            assert_eq!(host.asks("sctp", address, 8080).name, "left", "from the host");
        }
        assert_eq!(world.outside.asks("sctp", "192.0.2.1", 8080).from, "192.0.2.100", "the container sees who asks");
    };
    answers();
    let said = host.fails("docker run --rm --network web -p 8080:5000/sctp lab true");
    assert!(said.contains("8080/sctp") && said.contains("has it"), "{said}");
    answers();
    world.outside.cannot_ask("sctp", "192.0.2.1", 5000);
    host.sh("docker stop -t 0 left");
    world.outside.cannot_ask("sctp", "192.0.2.1", 8080);
    host.sh("docker start left");
    answers();
    host.sh("docker rm -f left right && docker network rm web");
    host.returns_to(&before);
}
