//! `make demo`: two containers on a `nat` network over Open vSwitch, what the driver plumbed for them, and nothing left.
//!
//! Everything runs in a host of the lab: it does not matter what runs on this machine, and nothing of it changes.

use lab::{Docker, Host, OUTSIDE, Place as _, World};

fn main() {
    title("a host with its own Docker, Open vSwitch and driver, and an outside host on its wire");
    let mut world = World::new();
    let mut host = world.docker_host(Docker::Stable);
    host.start_driver();
    let before = host.snapshot();
    println!("Docker {}", host.sh("docker version --format '{{.Server.Version}}'"));
    println!("{}", host.sh("ovs-vswitchd --version | head -n 1"));
    println!("datapath: {}", if host.has_kernel_datapath() { "kernel" } else { "userspace (netdev)" });

    title("a network and two containers");
    show(&host, "docker network create -d ovs --opt mode=nat web");
    show(&host, "docker run -d --name left --network web lab lab-peer serve left 5000");
    show(&host, "docker run -d --name right --network web -p 8080:5000 lab lab-peer serve right 5000");

    title("they reach each other by name, and the outside host through NAT");
    show(&host, "docker exec left ping -c 2 right");
    show(&host, "docker exec left lab-peer exchange right 5000 16 && echo 16 MB there and back, unchanged");
    show(&host, &format!("docker exec left ping -c 2 {OUTSIDE}"));
    let seen = host.container("left").asks("tcp", OUTSIDE, 5000).from;
    println!("the outside host was asked by {seen}: the host's address");
    let answer = world.outside.asks("tcp", "192.0.2.1", 8080).name;
    println!("the outside host asked 192.0.2.1:8080, and `{answer}` answered: the published port");

    title("what was plumbed");
    show(&host, "docker-ovs network inspect $(docker network ls -q -f name=web)");
    show(&host, "docker-ovs explain $(docker network ls -q -f name=web)");
    show(&host, "ovs-vsctl show");

    title("taken down, and nothing is left");
    show(&host, "docker rm -f left right && docker network rm web");
    host.returns_to(&before);
    println!("links, addresses, switch, firewall, sockets and records are as they were");
}

fn title(text: &str) {
    println!("\n== {text}");
}

/// Runs a command on the host for people to see: what they would type, and what it says.
fn show(host: &Host, command: &str) {
    println!("$ {command}");
    println!("{}", host.sh(command));
}
