//! Containers that pass themselves off as others, with the rights to change their own interface, while Open vSwitch dies and
//! comes back: what is secured reaches nobody, at no moment.

use lab::{Container, Docker, Host, Place as _, World};
use std::time::Duration;

/// Longer than any repair takes; the driver's own timer, which must not be what helps, is a minute.
const SOON: Duration = Duration::from_secs(45);

/// Sends without end, to all stations: that 10.77.0.200 and fd77::200 are here, and packets from there; from the interface's
/// own Ethernet address and from another one.
const FORGE: &str = "\
import socket, struct, time
sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sender.bind(('eth0', 0))
own, other = sender.getsockname()[4], bytes.fromhex('020000000099')
ipv4, ipv6 = socket.inet_aton('10.77.0.200'), socket.inet_pton(socket.AF_INET6, 'fd77::200')
def frames(mac):
    head = b'\\xff' * 6 + mac
    yield head + b'\\x08\\x06' + struct.pack('!HHBBH', 1, 0x800, 6, 4, 2) + mac + ipv4 + b'\\0' * 6 + ipv4
    yield head + b'\\x08\\x00' + struct.pack('!BBHHHBBH', 0x45, 0, 20, 0, 0, 64, 253, 0) + ipv4 + b'\\xff' * 4
    advertisement = struct.pack('!BBHI', 136, 0, 0, 0x20000000) + ipv6 + b'\\x02\\x01' + mac
    all_nodes = socket.inet_pton(socket.AF_INET6, 'ff02::1')
    yield head + b'\\x86\\xdd' + struct.pack('!IHBB', 6 << 28, 32, 58, 255) + ipv6 + all_nodes + advertisement
while True:
    for frame in [*frames(own), *frames(other)]:
        sender.send(frame)
    time.sleep(0.002)";
/// Somebody else's address.
const OTHER_ADDRESS: &str = "ip addr flush dev eth0 && ip addr add 10.77.0.200/24 dev eth0";
/// Somebody else's Ethernet address.
const OTHER_MAC: &str = "ip link set eth0 down && ip link set eth0 address 02:00:00:00:00:98 && ip link set eth0 up";
/// What gives any of that away.
const FOREIGN: &str = "ether src 02:00:00:00:00:98 or ether src 02:00:00:00:00:99 or src host 10.77.0.200 or arp src host 10.77.0.200 or src host fd77::200";

/// What runs a command of the host in the network namespace of a container.
fn inside(container: &Container<'_>) -> String {
    format!("nsenter --net=/proc/{}/ns/net", container.inspect("{{.State.Pid}}"))
}

/// Runs a command of the host in the background, until [`end`].
fn begin(host: &Host, name: &str, command: &str) {
    host.sh(&format!(
        "setsid {command} >/run/lab/{name} 2>/run/lab/{name}.said </dev/null & echo $! >/run/lab/{name}.id"
    ));
}

fn end(host: &Host, name: &str) {
    host.sh(&format!("kill $(cat /run/lab/{name}.id)"));
}

/// What of thieves' frames arrives at a container of the network, while Open vSwitch dies three times.
pub(crate) fn arrives(host: &mut Host, options: &str) -> String {
    host.sh(&format!("docker network create -d ovs {options} --subnet 10.77.0.0/24 --ipv6 --subnet fd77::/64 web"));
    for name in ["victim", "honest", "forger", "renumbered", "renamed"] {
        host.start_container(name, "--network web --cap-add NET_ADMIN");
    }
    let (victim, honest, forger) = (host.container("victim"), host.container("honest"), host.container("forger"));
    for to in [victim.address("web"), victim.address_v6("web")] {
        assert_eq!(honest.asks("tcp", &to, 5000).name, "victim");
        assert_eq!(forger.asks("tcp", &to, 5000).name, "victim");
    }
    begin(host, "watch", &format!("{} tcpdump -Z root -i eth0 -e -nn -l '{FOREIGN}'", inside(&victim)));
    host.until(SOON, "grep listening /run/lab/watch.said");
    begin(host, "forge", &format!("{} python3 -c \"{FORGE}\"", inside(&forger)));
    for (name, deed) in [("renumbered", OTHER_ADDRESS), ("renamed", OTHER_MAC)] {
        host.container(name).does(deed);
        let pinged = host.container(name).run(&format!("ping -c 2 -w 2 {}", victim.address("web")));
        assert_eq!(pinged.is_err(), options.contains("port_security"), "{name} reaches the victim or not");
    }
    for _ in 0..3 {
        host.kill_vswitchd();
        host.start_vswitchd();
        // Both are guarded, so that this is when the flows are back.
        host.until(SOON, "docker exec honest lab-peer ask tcp victim 5000");
    }
    // Whoever forges did so to the end.
    end(host, "forge");
    end(host, "watch");
    let seen = host.sh("cat /run/lab/watch");
    host.sh("docker rm -f victim honest forger renumbered renamed && docker network rm web");
    seen
}

#[test]
fn who_is_secured_passes_for_nobody_else_at_no_moment() {
    let mut world = World::new();
    let mut host = world.host(Docker::Newest);
    let before = host.snapshot();
    for mode in ["flat", "nat", "vlan --opt uplink=eth1 --opt vlan=100"] {
        let seen = arrives(&mut host, &format!("--opt mode={mode} --opt port_security=true"));
        assert_eq!(seen, "", "mode {mode}");
    }
    // An ovs-vswitchd that is killed does not give back what it set, and the next one takes it for the host's.
    host.sh("ip link set eth1 promisc off");
    let open = arrives(&mut host, "--opt mode=nat");
    for foreign in ["02:00:00:00:00:99 >", "10.77.0.200 is-at", "10.77.0.200 >", "fd77::200 >"] {
        assert!(open.contains(foreign), "without port_security {foreign} is seen");
    }
    host.returns_to(&before);
}

#[test]
fn what_is_allowed_may_be_shared() {
    let mut world = World::new();
    let host = world.host(Docker::Newest);
    host.sh("docker network create -d ovs --opt mode=nat --subnet 10.77.0.0/24 --opt port_security=true \
             --opt allowed_addresses=10.77.0.100,00:00:5e:00:01:07=10.77.0.101 web");
    let near = host.start_container("near", "--network web");
    let router = host.start_container("router", "--network web --cap-add NET_ADMIN");
    router.does("ip addr add 10.77.0.100/24 dev eth0 && ip addr add 10.77.0.102/24 dev eth0");
    assert_eq!(near.asks("tcp", "10.77.0.100", 5000).name, "router");
    near.cannot_ask("tcp", "10.77.0.102", 5000);
    // As routers do that share an Ethernet address (VRRP).
    router.does("ip link set eth0 down && ip link set eth0 address 00:00:5e:00:01:07 && ip link set eth0 up");
    router.does("ip addr add 10.77.0.101/24 dev eth0");
    assert_eq!(near.asks("tcp", "10.77.0.101", 5000).name, "router");
}
