//! What containers see: the way their frames take.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::Duration;

use plan::VlanId;

use super::host::{Host, endpoint, endpoint_port, host_port, network, on_host, own_bridge, soon, with};
use crate::netlink::namespace::Namespace;
use crate::{Dataplane, Plumbing, Work};

const ECHO: &str = "0.0.0.0:7777";

/// Answers every datagram; a socket stays in the namespace that it was made in.
fn echo() {
    let socket = UdpSocket::bind(ECHO).unwrap();
    thread::spawn(move || {
        let mut datagram = [0; 16];
        while let Ok((length, from)) = socket.recv_from(&mut datagram) {
            let _ = socket.send_to(&datagram[..length], from);
        }
    });
}

/// Whether an echo comes back within a second.
fn reaches(address: &str) -> bool {
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(250))).unwrap();
    (0..4).any(|_| socket.send_to(b"hello", address).is_ok() && socket.recv(&mut [0; 16]).is_ok())
}

/// A container: a namespace with one interface, 10.9.0.NUMBER, moved there as Docker does.
struct Container(Namespace);

impl Container {
    async fn start(host: &Host, plumbing: &Plumbing, work: &Work, number: u8) -> Self {
        plumbing.perform(work, soon()).await.unwrap();
        let container = Self(Namespace::new());
        host.sh(&format!("ip link set ovc{number} netns {}", container.0.id()));
        container.0.sh(&format!("ip link set ovc{number} name eth0 up && ip address add 10.9.0.{number}/24 dev eth0"));
        container.0.run(echo);
        container
    }

    fn reaches(&self, address: &str) -> bool {
        let address = format!("{address}:7777");
        self.0.run(move || reaches(&address))
    }
}

/// A network with a gateway that answers, and the plans of two containers.
async fn neighbours(plumbing: &Plumbing, change: fn(&mut plan::EndpointPort, u8)) -> [Work; 2] {
    let net = network("net", vec![own_bridge("ovb1"), host_port("ovh1", "10.9.0.1/24")]);
    plumbing.perform(&net, soon()).await.unwrap();
    echo();
    [2, 3].map(|number: u8| {
        let port = with(endpoint_port(&format!("ove{number}"), number), |port| change(port, number));
        endpoint(&net, &format!("end{number}"), vec![port])
    })
}

/// Two containers on that network.
async fn containers(host: &Host, plumbing: &Plumbing, change: fn(&mut plan::EndpointPort, u8)) -> [Container; 2] {
    let [first, second] = neighbours(plumbing, change).await;
    [Container::start(host, plumbing, &first, 2).await, Container::start(host, plumbing, &second, 3).await]
}

#[test]
fn containers_reach_each_other_and_the_gateway() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let [one, two] = containers(host, &plumbing, |_, _| {}).await;
        assert!(one.reaches("10.9.0.3") && two.reaches("10.9.0.2") && one.reaches("10.9.0.1"));
    });
}

#[test]
fn tcp_arrives_whole_though_containers_leave_checksums_to_their_links() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let [one, two] = containers(host, &plumbing, |_, _| {}).await;
        let listener = two.0.run(|| TcpListener::bind("10.9.0.3:5000").unwrap());
        let sent: Vec<u8> = (0..8_000_000u32).map(|number| (number.wrapping_mul(number) >> 7) as u8).collect();
        let receive = thread::spawn(move || {
            let mut received = Vec::new();
            listener.accept().unwrap().0.read_to_end(&mut received).unwrap();
            received
        });
        let address = "10.9.0.3:5000".parse().unwrap();
        let mut stream = one.0.run(move || TcpStream::connect_timeout(&address, Duration::from_secs(5)).unwrap());
        stream.write_all(&sent).unwrap();
        drop(stream);
        assert!(receive.join().unwrap() == sent, "what arrives is what was sent");
    });
}

#[test]
fn isolated_containers_reach_the_gateway_only() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let [one, two] = containers(host, &plumbing, |port, _| port.isolated = true).await;
        assert!(one.reaches("10.9.0.1") && two.reaches("10.9.0.1"));
        assert!(!one.reaches("10.9.0.3") && !two.reaches("10.9.0.2"));
    });
}

#[test]
fn containers_of_different_vlans_do_not_reach_each_other() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let [one, _two] = containers(host, &plumbing, |port, number| port.vlan = VlanId::new(number.into()).ok()).await;
        assert!(!one.reaches("10.9.0.3"));
        host.switch.vsctl("set Port ove3 tag=2");
        assert!(one.reaches("10.9.0.3"), "the tag is what kept them apart");
    });
}

#[test]
fn a_container_cannot_tag_its_way_into_a_vlan() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let [_one, _two] = containers(host, &plumbing, |_, _| {}).await;
        let port = host.switch.vsctl("get Interface ove2 ofport");
        let frame = format!("in_port={port},dl_src=02:00:00:00:00:02,dl_dst=ff:ff:ff:ff:ff:ff");
        assert!(!host.switch.trace("ovb1", &frame).contains("Datapath actions: drop"), "untagged frames go");
        let tagged = host.switch.trace("ovb1", &format!("{frame},dl_vlan=7"));
        assert!(tagged.contains("Datapath actions: drop"), "{tagged}");
        host.switch.vsctl("clear Port ove2 vlan_mode");
        let tagged = host.switch.trace("ovb1", &format!("{frame},dl_vlan=7"));
        assert!(!tagged.contains("Datapath actions: drop"), "its mode is what stopped it: {tagged}");
    });
}

#[test]
fn frames_for_the_hosts_end_do_not_reach_the_host() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let [one, _two] = containers(host, &plumbing, |_, _| {}).await;
        host.sh("ip address add 192.0.2.1/32 dev lo");
        let mac = host.sh("ip -o link show dev ove2 | sed 's/.*ether \\([^ ]*\\).*/\\1/'");
        // A container that takes the host's end for its gateway goes round the switch.
        let around =
            format!("ip neighbour replace 10.9.0.77 lladdr {mac} dev eth0 && ip route replace 192.0.2.1 via 10.9.0.77");
        one.0.sh(&around);
        assert!(!one.reaches("192.0.2.1"), "the guard holds");
        one.0.sh("ip route replace 192.0.2.1 via 10.9.0.1");
        assert!(one.reaches("192.0.2.1"), "through the switch and the gateway it is reached");
        one.0.sh(&around);
        host.sh("nft flush ruleset");
        assert!(one.reaches("192.0.2.1"), "the guard is what held");
    });
}

#[test]
fn who_gets_the_address_of_one_that_left_inherits_no_connection() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let [first, second] = neighbours(&plumbing, |_, _| {}).await;
        let gateway = TcpListener::bind("10.9.0.1:5000").unwrap();
        let [one, two] = [(&first, 2), (&second, 3)];
        let one = Container::start(host, &plumbing, one.0, one.1).await;
        let two = Container::start(host, &plumbing, two.0, two.1).await;
        let connect = || TcpStream::connect("10.9.0.1:5000").unwrap();
        let _established = [&one, &two].map(|container| (container.0.run(connect), gateway.accept().unwrap()));
        let tracked = |address: &str| host.sh("conntrack -L 2>/dev/null").contains(&format!("src={address} "));
        assert!(tracked("10.9.0.2") && tracked("10.9.0.3"));
        plumbing.undo(&first, soon()).await.unwrap();
        let port = endpoint_port("ove4", 2);
        plumbing.perform(&Work { steps: vec![port], ..first.clone() }, soon()).await.unwrap();
        assert!(!tracked("10.9.0.2"), "before the next one has its link");
        assert!(tracked("10.9.0.3"), "others keep theirs");
    });
}

#[test]
fn a_daemon_that_is_killed_and_comes_back_carries_on() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let [one, two] = containers(host, &plumbing, |_, _| {}).await;
        host.switch.kill_daemon();
        assert!(!one.reaches("10.9.0.3"), "frames take the way through Open vSwitch");
        host.switch.start_daemon();
        host.until("the containers reach each other", || one.reaches("10.9.0.3")).await;
        assert!(two.reaches("10.9.0.1"), "the gateway kept its address");
    });
}
