//! A host with two networks of ours and one of Docker's, their containers, and an outside host that has routes to all
//! of them. Linux bridges play the host ports.
//!
//! ```text
//! outside 192.0.2.9 --- eth0 192.0.2.1 host ovh1 10.1.0.1 --- a 10.1.0.2, b 10.1.0.3
//!                                           ovh2 10.2.0.1 --- c 10.2.0.2
//!                                        docker0 172.17.0.1 --- d 172.17.0.2
//! ```
//! Each IPv4 address has one of IPv6: 10.1.0.2 is fd00:10:1::2.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::Duration;

use plan::{EndpointId, InstanceId, InterfaceName, NetworkId, Protocol};

use crate::Mark;
use crate::nat::{Effect, Firewall, FirewallConfig, Rule};
use crate::netlink::namespace::{Namespace, path};

/// For what is to come: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(3);
/// For what is not to come.
const MOMENT: Duration = Duration::from_millis(200);

pub(super) struct World {
    pub(super) host: Namespace,
    pub(super) outside: Namespace,
    pub(super) a: Namespace,
    pub(super) b: Namespace,
    pub(super) c: Namespace,
    pub(super) d: Namespace,
}

impl World {
    pub(super) fn new() -> Self {
        let new = Namespace::new;
        let world = Self { host: new(), outside: new(), a: new(), b: new(), c: new(), d: new() };
        for namespace in [&world.host, &world.outside, &world.a, &world.b, &world.c, &world.d] {
            // A host does not ask for neighbours while it wonders whether its link-local address is its own.
            namespace.sh(
                "echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad; echo 0 >/proc/sys/net/ipv6/conf/all/accept_dad",
            );
        }
        // Open vSwitch's ports know nothing of it.
        world.host.sh("for call in /proc/sys/net/bridge/bridge-nf-call-*; do [ ! -e $call ] || echo 0 >$call; done");
        for (bridge, net) in [("ovh1", "10.1.0"), ("ovh2", "10.2.0"), ("docker0", "172.17.0")] {
            let six = six(net);
            world.host.sh(&format!(
                "ip link add {bridge} type bridge && ip link set {bridge} up && ip address add {net}.1/24 dev {bridge} &&
                ip address add {six}::1/64 dev {bridge} nodad"
            ));
        }
        world.host.sh("echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
        world.link(&world.outside, "eth0", "192.0.2", 9, "");
        world.host.sh("ip address add 192.0.2.1/24 dev eth0 && ip address add fd00:192:0:2::1/64 dev eth0 nodad");
        world.link(&world.a, "va", "10.1.0", 2, "ovh1");
        world.link(&world.b, "vb", "10.1.0", 3, "ovh1");
        world.link(&world.c, "vc", "10.2.0", 2, "ovh2");
        world.link(&world.d, "vd", "172.17.0", 2, "docker0");
        world
    }

    fn link(&self, to: &Namespace, name: &str, net: &str, last: u8, bridge: &str) {
        let (six, id) = (six(net), to.id());
        self.host.sh(&format!("ip link add {name} type veth peer name eth0 netns {id} && ip link set {name} up"));
        if !bridge.is_empty() {
            self.host.sh(&format!("ip link set {name} master {bridge}"));
        }
        to.sh(&format!(
            "ip link set eth0 up && ip address add {net}.{last}/24 dev eth0 && ip route add default via {net}.1 &&
            ip address add {six}::{last}/64 dev eth0 nodad && ip route add default via {six}::1"
        ));
    }

    /// Does something with a firewall on the host.
    pub(super) fn firewall<T: Send + 'static, F: Future<Output = T>>(
        &self,
        work: impl FnOnce(Firewall) -> F + Send + 'static,
    ) -> T {
        self.host.block_on(|| async move { work(firewall()).await })
    }

    /// Puts the static part and some rules.
    pub(super) fn with(&self, rules: &[Rule]) {
        let rules = rules.to_vec();
        self.firewall(|firewall| async move {
            firewall.ensure_base().await.unwrap();
            firewall.apply(&rules, &[]).await.unwrap();
        });
    }
}

pub(super) fn firewall() -> Firewall {
    let instance = InstanceId::new("0123abcd").unwrap();
    let config = FirewallConfig { table: "docker-ovs".to_owned(), prefix: "ov".to_owned(), instance };
    Firewall::with_path(config, Some(path().into())).expect("make lab unpacks nft")
}

/// Somebody else does something in the namespace that this runs in; what that printed.
pub(super) async fn somebody(line: &str) -> String {
    let done = tokio::process::Command::new("/bin/sh").args(["-c", line]).env("PATH", path()).output().await.unwrap();
    assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

fn six(net: &str) -> String {
    format!("fd00:{}", net.trim_end_matches(".0").replace('.', ":"))
}

pub(super) fn name(text: &str) -> InterfaceName {
    InterfaceName::new(text).unwrap()
}

pub(super) fn mark(endpoint: Option<&str>) -> Mark {
    Mark {
        instance: InstanceId::new("0123abcd").unwrap(),
        network: NetworkId::new("net").unwrap(),
        endpoint: endpoint.map(|id| EndpointId::new(id).unwrap()),
    }
}

pub(super) fn forward(port: &str, hairpin: bool) -> Rule {
    Rule { mark: mark(None), effect: Effect::Forward { port: name(port), hairpin, ipv6: true } }
}

pub(super) fn masquerade(port: &str, sources: &[&str]) -> Rule {
    let sources = sources.iter().map(|net| net.parse().unwrap()).collect();
    Rule { mark: mark(None), effect: Effect::Masquerade { port: name(port), sources } }
}

/// Both networks of ours as mode nat has them.
pub(super) fn nat() -> Vec<Rule> {
    vec![
        forward("ovh1", true),
        forward("ovh2", true),
        masquerade("ovh1", &["10.1.0.0/24", "fd00:10:1::/64"]),
        masquerade("ovh2", &["10.2.0.0/24", "fd00:10:2::/64"]),
    ]
}

/// `HOST->TARGET/PROTOCOL`: where HOST is a port, or an address and a port.
pub(super) fn publish(spec: &str) -> Rule {
    let (ends, protocol) = spec.split_once('/').unwrap();
    let (host, target) = ends.split_once("->").unwrap();
    let target: SocketAddr = target.parse().unwrap();
    let bound: Option<SocketAddr> = host.parse().ok();
    let protocol = match protocol {
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        _ => Protocol::Sctp,
    };
    let effect = Effect::Publish {
        port: name(if target.to_string().contains("10.2") { "ovh2" } else { "ovh1" }),
        protocol,
        host_address: bound.map(|bound| bound.ip()),
        host_port: bound.map_or_else(|| host.parse().unwrap(), |bound| bound.port()),
        target: target.ip(),
        target_port: target.port(),
        translate: true,
    };
    Rule { mark: mark(Some("end")), effect }
}

/// A port opened without translation: `TARGET/PROTOCOL`.
pub(super) fn open(spec: &str) -> Rule {
    let mut rule = publish(&format!("80->{spec}"));
    if let Effect::Publish { translate, .. } = &mut rule.effect {
        *translate = false;
    }
    rule
}

/// Serves a port of a namespace until the test ends: everybody is told how they look from there.
pub(super) fn serve(namespace: &Namespace, port: u16) {
    namespace.run(move || {
        let listener = TcpListener::bind(("::", port)).unwrap();
        thread::spawn(move || {
            while let Ok((mut stream, peer)) = listener.accept() {
                let _ = write!(stream, "{}", peer.ip().to_canonical());
            }
        });
    });
}

/// Who a TCP server at an address says that we are; none: it is not to be reached.
pub(super) fn ask(namespace: &Namespace, address: &str) -> Option<String> {
    ask_within(PATIENCE, namespace, address)
}

/// Whether a TCP server at an address is not to be reached.
pub(super) fn misses(namespace: &Namespace, address: &str) -> bool {
    ask_within(MOMENT, namespace, address).is_none()
}

/// Whether an address answers a ping.
pub(super) fn pings(namespace: &Namespace, address: &str) -> bool {
    let busybox = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/lab/debian12/usr/bin/busybox");
    namespace.does(&format!("{busybox} ping -c 1 -W 1 {address}"))
}

fn ask_within(patience: Duration, namespace: &Namespace, address: &str) -> Option<String> {
    let address: SocketAddr = address.parse().unwrap();
    namespace.run(move || {
        let mut stream = TcpStream::connect_timeout(&address, patience).ok()?;
        stream.set_read_timeout(Some(patience)).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    })
}

/// Answers datagrams on a port of a namespace until the test ends, with a word.
pub(super) fn echo(namespace: &Namespace, port: u16, word: &'static str) {
    namespace.run(move || {
        let socket = UdpSocket::bind(("::", port)).unwrap();
        thread::spawn(move || {
            while let Ok((_, peer)) = socket.recv_from(&mut [0; 64]) {
                let _ = socket.send_to(word.as_bytes(), peer);
            }
        });
    });
}

/// The answer to a datagram from a port of ours, so that a second one is the same flow.
pub(super) fn send(namespace: &Namespace, from: u16, address: &str) -> Option<String> {
    let address: SocketAddr = address.parse().unwrap();
    namespace.run(move || {
        let any = if address.is_ipv4() { "0.0.0.0" } else { "::" };
        let socket = UdpSocket::bind((any, from)).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut buffer = [0; 64];
        socket.send_to(b"?", address).ok()?;
        let length = socket.recv(&mut buffer).ok()?;
        Some(String::from_utf8_lossy(&buffer[..length]).into_owned())
    })
}
