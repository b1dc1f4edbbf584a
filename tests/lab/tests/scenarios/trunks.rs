//! Containers that have VLANs of their own on a `vlan` network: one, a list with tags, or both.

use crate::vlan::{NETWORKS, Watch, wired};
use lab::{Container, Docker, Host, Place as _};

on_both_dockers!(a_container_has_the_vlans_that_it_was_given, who_is_secured_passes_for_nobody_else_in_any_vlan,);

/// Sends a broadcast frame of an experimental protocol, with a tag.
const SEND: &str = "\
import socket, sys
frame = b'\\xff' * 6 + b'\\x02\\0\\0\\0\\0\\x07' + b'\\x81\\0' + int(sys.argv[2]).to_bytes(2, 'big') + b'\\x88\\xb5' + b'lab' * 20
sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sender.bind((sys.argv[1], 0))
sender.send(frame)";

/// Sends broadcast packets: for each word `TAG/MAC/ADDRESS` one from there, without a tag if there is none, with the
/// interface's Ethernet address if that is `own`.
const SPEAK: &str = "\
import socket, struct, sys
sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sender.bind((sys.argv[1], 0))
for word in sys.argv[2:]:
    tag, mac, address = word.split('/')
    mac = sender.getsockname()[4] if mac == 'own' else bytes.fromhex(mac)
    tag = b'\\x81\\0' + int(tag).to_bytes(2, 'big') if tag else b''
    packet = struct.pack('!BBHHHBBH', 0x45, 0, 20, 0, 0, 64, 253, 0) + socket.inet_aton(address) + b'\\xff' * 4
    sender.send(b'\\xff' * 6 + mac + tag + b'\\x08\\0' + packet)";

/// Lets a container send packets, as [`SPEAK`] has it, in this order.
pub(crate) fn speak(host: &Host, container: &Container<'_>, link: &str, words: &[&str]) {
    host.write("/run/lab/speak.py", SPEAK.as_bytes());
    host.sh(&format!("{} python3 /run/lab/speak.py {link} {}", inside(container), words.join(" ")));
}

/// What runs a command in the namespace of a container.
pub(crate) fn inside(container: &Container<'_>) -> String {
    format!("nsenter --net=/proc/{}/ns/net", container.inspect("{{.State.Pid}}"))
}

/// The interface of a container that has an address.
fn interface(container: &Container<'_>, address: &str) -> String {
    container.does(&format!("ip -o address | grep -F {address}/ | cut -d\" \" -f2"))
}

fn a_container_has_the_vlans_that_it_was_given(docker: Docker) {
    let (_world, host, other) = wired(docker);
    let before = host.snapshot();
    host.sh(NETWORKS);
    let connect = |name: &str, address: &str, options: &str| {
        host.sh(&format!(
            "docker create --name {name} --network green lab lab-peer serve {name} 5000 5001
             docker network connect --ip {address} {options} blue {name} && docker start {name}"
        ));
    };
    connect("own", "10.1.0.3", "--driver-opt vlan=300");
    connect("trunk", "10.1.0.4", "--driver-opt '\"trunks=200,300-301\"'");
    connect("native", "10.1.0.5", "--driver-opt trunks=300 --driver-opt native_vlan=100");
    let wire = Watch::new(&other, "wire", "", "eth1");
    host.container("own").cannot_ping("10.1.0.254");
    wire.sees("vlan 300,.*who-has 10.1.0.254 tell 10.1.0.3");
    host.container("native").pings("10.1.0.254");

    let trunk = host.container("trunk");
    let (enter, link) = (inside(&trunk), interface(&trunk, "10.1.0.4"));
    let seen = Watch::new(&host, "trunk", &enter, &link);
    other.write("/run/lab/send.py", SEND.as_bytes());
    other.sh("ovs-vsctl add-port br0 every -- set interface every type=internal && ip link set every up");
    for id in [100, 200, 300] {
        other.sh(&format!("python3 /run/lab/send.py every {id}"));
    }
    for id in [200, 300] {
        seen.sees(&format!("vlan {id},.*0x88b5"));
    }
    assert_eq!(seen.seen("vlan 100,"), "", "it is not in the list");
    assert_eq!(seen.seen("ethertype Unknown [(]0x88b5[)]").lines().filter(|line| !line.contains("vlan")).count(), 0);

    host.write("/run/lab/send.py", SEND.as_bytes());
    for id in [100, 200, 301] {
        host.sh(&format!("{enter} python3 /run/lab/send.py {link} {id}"));
    }
    for id in [200, 301] {
        wire.sees(&format!("02:00:00:00:00:07 > ff:ff:ff:ff:ff:ff.*vlan {id},.*0x88b5"));
    }
    let own = wire.seen("02:00:00:00:00:07 > .*vlan 100,.*0x88b5");
    assert!(own.lines().count() <= 1, "only what the other end sent itself: {own}");

    host.start_container("fresh", "--network green");
    let said = host.fails("docker network connect --driver-opt trunks=5000 blue fresh");
    assert!(said.contains("5000"), "{said}");
    host.sh("docker rm -f own trunk native fresh && docker network rm blue green");
    host.returns_to(&before);
}

fn who_is_secured_passes_for_nobody_else_in_any_vlan(docker: Docker) {
    let (_world, host, other) = wired(docker);
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=vlan --opt uplink=eth1 --opt vlan=100 --opt port_security=true \
           --subnet 10.1.0.0/24 --gateway 10.1.0.254 blue");
    let wire = Watch::new(&other, "wire", "", "eth1");
    let access = host.start_container("access", "--network blue --ip 10.1.0.2");
    access.pings("10.1.0.254");
    wire.sees("vlan 100,.* 10.1.0.2 > 10.1.0.254: ICMP echo request");
    let foreign = ["200/own/10.1.0.2", "/own/10.1.0.77", "/020000000099/10.1.0.2"];
    // What it may send is last: when that has come, nothing else is on its way.
    speak(&host, &access, "eth0", &[&foreign[..], &["/own/10.1.0.2"]].concat());
    wire.sees("vlan 100,.* 10.1.0.2 > 255.255.255.255");

    host.sh("docker create --name trunk --network none lab lab-peer serve trunk 5000 5001
             docker network disconnect none trunk
             docker network connect --ip 10.1.0.3 --driver-opt '\"trunks=200,300\"' blue trunk && docker start trunk");
    let trunk = host.container("trunk");
    let foreign = ["100/own/10.1.0.3", "200/own/10.1.0.77", "200/020000000099/10.1.0.3", "301/own/10.1.0.3"];
    speak(&host, &trunk, "eth0", &[&foreign[..], &["200/own/10.1.0.3", "300/own/10.1.0.3"]].concat());
    for id in [200, 300] {
        wire.sees(&format!("vlan {id},.* 10.1.0.3 > 255.255.255.255"));
    }
    let foreign = "vlan 200,.* 10.1.0.2 >|10.1.0.77|02:00:00:00:00:99|vlan (100|301),.* 10.1.0.3 > 255";
    assert_eq!(wire.seen(foreign), "", "neither as somebody else nor in a VLAN that is not its own");
    host.sh("docker rm -f access trunk && docker network rm blue");
    host.returns_to(&before);
}
