//! `-p` in its other forms (ranges, chosen ports, single addresses, `-P`), each before and after a stop of the containers
//! and a restart of the driver, which has to bind what it held.

use lab::{Docker, Host, LONG, Place, World};
use std::collections::BTreeSet;

on_both_dockers!(named_ports_are_had_again, chosen_ports_are_chosen_again);

/// The containers and what they publish; `few` and `more` share a range.
const NAMED: [(&str, &str); 7] = [
    ("range", "-p 8090-8091:5000-5001 -p 8090-8091:5000-5001/udp"),
    ("local", "-p 127.0.0.1:8081:5000 -p 127.0.0.2:8087:5000/udp"),
    ("local-v6", "-p [::1]:8083:5000 -p [::1]:8083:5000/udp"),
    ("single", "-p 192.0.2.11:8082:5000 -p 192.0.2.11:8082:5000/udp"),
    ("single-v6", "-p [2001:db8::1]:8085:5000 -p [2001:db8::1]:8085:5000/udp"),
    ("few", "-p 8100-8101:5000"),
    ("more", "-p 8100-8101:5000"),
];

/// Each port answers where it is published, whoever asks: outside, a container of another network of ours, one of
/// Docker's own, and the host where only that can.
fn named_ports_answer(world: &World, host: &Host) {
    let [ours, dockers] = [host.container("other"), host.container("plain")];
    let all: [&dyn Place; 3] = [&world.outside, &ours, &dockers];
    for protocol in ["tcp", "udp"] {
        for asker in all {
            assert_eq!(asker.asks(protocol, "192.0.2.1", 8090).name, "range");
            assert_eq!(asker.asks(protocol, "192.0.2.1", 8091).name, "range");
            assert_eq!(asker.asks(protocol, "192.0.2.11", 8082).name, "single");
        }
        assert_eq!(world.outside.asks(protocol, "2001:db8::1", 8090).name, "range");
        assert_eq!(world.outside.asks(protocol, "2001:db8::1", 8085).name, "single-v6");
        assert_eq!(host.asks(protocol, "::1", 8083).name, "local-v6");
    }
    assert_eq!(host.asks("tcp", "127.0.0.1", 8081).name, "local");
    assert_eq!(host.asks("udp", "127.0.0.2", 8087).name, "local");
    let shared = [8100, 8101].map(|port| world.outside.asks("tcp", "192.0.2.1", port).name);
    assert_eq!(BTreeSet::from(shared), BTreeSet::from(["few".to_owned(), "more".to_owned()]), "each has one");
}

/// And nowhere else.
fn named_ports_are_not_elsewhere(world: &World) {
    for (address, port) in [("192.0.2.1", 8081), ("192.0.2.1", 8082), ("192.0.2.1", 8083), ("192.0.2.1", 8085)] {
        world.outside.cannot_ask("tcp", address, port);
    }
    world.outside.cannot_ask("tcp", "2001:db8::1", 8083);
    world.outside.cannot_ask("udp", "192.0.2.1", 8087);
}

fn named_ports_are_had_again(docker: Docker) {
    let mut world = World::new();
    let mut host = world.host(docker);
    // Docker keeps a table of its first container on a bridge for good.
    host.sh("ip address add 192.0.2.11/24 dev eth0 && docker run --rm lab true");
    let before = host.snapshot();
    host.sh("docker network create -d ovs web && docker network create -d ovs other");
    host.start_container("other", "--network other");
    host.start_container("plain", "");
    let idle = host.snapshot();
    let listening = listening(&host);
    for (name, ports) in NAMED {
        host.start_container(name, &format!("--network web {ports}"));
    }
    named_ports_answer(&world, &host);
    named_ports_are_not_elsewhere(&world);

    let names = NAMED.map(|(name, _)| name).join(" ");
    host.sh(&format!("docker stop -t 0 {names}"));
    assert_eq!(listening, self::listening(&host), "a stopped container's ports are let go");
    host.sh(&format!("docker start {names}"));
    named_ports_answer(&world, &host);

    host.kill_driver();
    host.start_driver();
    host.until(LONG, "lab-peer ask tcp 127.0.0.1 8081 && lab-peer ask tcp ::1 8083");
    named_ports_answer(&world, &host);
    named_ports_are_not_elsewhere(&world);
    host.sh(&format!("docker rm -f {names}"));
    host.returns_to(&idle);
    host.sh("docker rm -f other plain && docker network rm web other");
    host.returns_to(&before);
}

/// What is bound, as `tcp 0.0.0.0:8080`.
fn listening(host: &Host) -> BTreeSet<String> {
    host.sh("ss -Hlntu | awk '{ print $1, $5 }'").lines().map(str::to_owned).collect()
}

/// The port that was chosen for an address since, for a protocol.
fn chosen(host: &Host, before: &BTreeSet<String>, at: &str) -> u16 {
    let now = listening(host);
    let new: Vec<&str> = now.difference(before).filter_map(|bound| bound.strip_prefix(at)).collect();
    let [port] = new[..] else { panic!("not one new socket at {at}, but {new:?}") };
    port.parse().expect("a port is a number")
}

/// `any` has one on every address, `single` on one, `exposed` those of its image's.
fn chosen_ports_answer(world: &World, host: &Host, before: &BTreeSet<String>) {
    let any = chosen(host, before, "tcp 0.0.0.0:");
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", any).name, "any");
    assert_eq!(host.asks("tcp", "127.0.0.1", any).name, "any");
    let single = chosen(host, before, "tcp 192.0.2.1:");
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", single).name, "single");
    host.cannot_ask("tcp", "127.0.0.1", single);
    let local = chosen(host, before, "udp 127.0.0.1:");
    assert_eq!(host.asks("udp", "127.0.0.1", local).name, "single");
    let exposed = chosen(host, before, "udp 0.0.0.0:");
    assert_eq!(world.outside.asks("udp", "192.0.2.1", exposed).name, "exposed");
    assert_eq!(host.asks("udp", "127.0.0.1", exposed).name, "exposed");
}

fn chosen_ports_are_chosen_again(docker: Docker) {
    let mut world = World::new();
    let mut host = world.host(docker);
    host.sh("docker network create -d ovs web");
    let empty = host.snapshot();
    let before = listening(&host);
    host.start_container("any", "--network web -p 5000");
    host.start_container("single", "--network web -p 192.0.2.1::5000 -p 127.0.0.1::5001/udp");
    host.start_container("exposed", "--network web --expose 5001/udp -P");
    chosen_ports_answer(&world, &host, &before);

    host.sh("docker stop -t 0 any single exposed");
    assert_eq!(before, listening(&host), "a stopped container's ports are let go");
    host.sh("docker start any single exposed");
    chosen_ports_answer(&world, &host, &before);

    let held = listening(&host);
    host.kill_driver();
    host.start_driver();
    host.until(LONG, &format!("test $(ss -Hlntu | wc -l) -ge {}", held.len()));
    assert_eq!(held, listening(&host), "a running container keeps the ports that were chosen for it");
    chosen_ports_answer(&world, &host, &before);
    host.sh("docker rm -f any single exposed");
    host.returns_to(&empty);
}
