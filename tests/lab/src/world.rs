//! The nodes of a test and the wire between them.
//!
//! ```text
//!   host h1 (eth0 192.0.2.1)   host h2 (eth0 192.0.2.2)   outside (192.0.2.100)
//!       |  eth1 without address    |  eth1                     |
//!       |    |                     |   |                       |
//!       |    +------ segment lan --|---+---- router (10.9.0.254, fd09::254)
//!       +----------- segment net --+---------------------------+
//! ```
//!
//! Hosts that are chassis of OVN, or whose networks span hosts, have an `eth2` on a third segment, which their tunnels
//! cross; OVN's central part is on segment net.

use crate::central::{Central, Member};
use crate::docker::Docker;
use crate::host::Host;
use crate::node::Node;
use crate::paths;
use crate::service::Service;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// The address of the outside node, which answers on the ports 5000 and 5001.
pub const OUTSIDE: &str = "192.0.2.100";
/// Its IPv6 address.
pub const OUTSIDE_V6: &str = "2001:db8::100";
/// The address of the router on the segment that the hosts' `eth1` are on; it answers on the ports 5000 and 5001.
pub const ROUTER: &str = "10.9.0.254";

/// A wire, what stands for the world on it, and the hosts that are added.
#[derive(Debug)]
pub struct World {
    hosts: u8,
    _answering: [Service; 2],
    /// The rest of the world: no Docker, no Open vSwitch, and the default gateway of the hosts.
    pub outside: Node,
    /// A router on the second segment.
    pub router: Node,
    wire: Node,
    logs: TempDir,
}

impl World {
    /// A world without hosts.
    #[must_use]
    pub fn new() -> Self {
        let logs = TempDir::with_prefix("docker-ovs-lab-").expect("a temporary folder can be made");
        let trees = Docker::Stable.trees();
        let wire = Node::start_with_folder("wire", &trees, logs.path());
        let [outside, router] = ["outside", "router"].map(|name| Node::start(name, &trees));
        wire.sh("for name in net lan under; do ip link add $name type bridge && ip link set $name up; done");
        plug(&wire, "net", &outside, "eth0");
        plug(&wire, "lan", &router, "eth0");
        outside.sh(&format!("ip addr add {OUTSIDE}/24 dev eth0; ip addr add {OUTSIDE_V6}/64 dev eth0 nodad"));
        router.sh(&format!("ip addr add {ROUTER}/24 dev eth0; ip addr add fd09::254/64 dev eth0 nodad"));
        let answering = [&outside, &router].map(|node| {
            install_peer(node);
            Service::start(node, logs.path(), "lab-peer", &["lab-peer", "serve", node.name(), "5000", "5001"])
        });
        Self { hosts: 0, _answering: answering, outside, router, wire, logs }
    }

    /// A new host with nothing started on it.
    pub fn bare_host(&mut self, docker: Docker) -> Host {
        self.hosts += 1;
        let number = self.hosts;
        let node = Node::start(&format!("h{number}"), &docker.trees());
        plug(&self.wire, "net", &node, "eth0");
        plug(&self.wire, "lan", &node, "eth1");
        node.sh(&format!(
            "ip addr add 192.0.2.{number}/24 dev eth0; ip addr add 2001:db8::{number}/64 dev eth0 nodad
             ip route add default via {OUTSIDE}; ip -6 route add default via {OUTSIDE_V6}"
        ));
        install_peer(&node);
        let kept = paths::machine_code();
        node.sh(&format!("mkdir /etc/docker-ovs && echo 'cache_dir = {kept:?}' >/etc/docker-ovs/config.toml"));
        Host::new(node, docker, self.logs.path().to_path_buf())
    }

    /// A new host with Open vSwitch and Docker.
    pub fn docker_host(&mut self, docker: Docker) -> Host {
        let mut host = self.bare_host(docker);
        host.start_ovs();
        host.start_docker();
        host
    }

    /// A new host with Open vSwitch, Docker and the driver.
    pub fn host(&mut self, docker: Docker) -> Host {
        let mut host = self.docker_host(docker);
        host.start_driver();
        host
    }

    /// OVN's central part, with one server of the northbound database.
    #[must_use]
    pub fn central(&self) -> Central {
        self.central_with(1)
    }

    /// OVN's central part, with a northbound database that is a cluster of three servers.
    #[must_use]
    pub fn central_with_cluster(&self) -> Central {
        self.central_with(3)
    }

    fn central_with(&self, servers: u8) -> Central {
        let start = |name: &str, number: u8| {
            let (node, address) = (Node::start(name, &Docker::Stable.trees()), format!("192.0.2.{number}"));
            plug(&self.wire, "net", &node, "eth0");
            node.sh(&format!("ip addr add {address}/24 dev eth0"));
            (node, address)
        };
        let members = (1..=servers).map(|number| {
            let (node, address) = start(&format!("nb{number}"), 50 + number);
            Member { node, address, server: None }
        });
        let members = members.collect();
        let (node, address) = start("central", 50);
        Central::start(node, &address, members, self.logs.path().to_path_buf())
    }

    /// A new host with Open vSwitch that is a chassis of `central`, and nothing else started on it.
    pub fn chassis(&mut self, docker: Docker, central: &Central) -> Host {
        let mut host = self.bare_host(docker);
        plug(&self.wire, "under", &host, "eth2");
        host.start_ovs();
        host.join_ovn(central, &format!("198.51.100.{}", self.hosts));
        host
    }

    /// A new host with everything started and an `eth2` that leads to others like it, without an address there: see
    /// [`Host::meet_others`].
    pub fn host_with_underlay(&mut self, docker: Docker) -> Host {
        let mut host = self.bare_host(docker);
        plug(&self.wire, "under", &host, "eth2");
        host.start_ovs();
        host.start_docker();
        host.start_driver();
        host
    }

    /// A new host with Open vSwitch, OVN, Docker and the driver.
    pub fn ovn_host(&mut self, docker: Docker, central: &Central) -> Host {
        let mut host = self.chassis(docker, central);
        host.start_docker();
        host.start_driver();
        host
    }

    /// Where the logs of the services are.
    #[must_use]
    pub fn logs(&self) -> &Path {
        self.logs.path()
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// Joins `node` to a segment of the wire by a link that it knows as `interface`.
fn plug(wire: &Node, segment: &str, node: &Node, interface: &str) {
    let (name, init) = (node.name(), node.init());
    let script = format!(
        "ip link add {name}-{segment} type veth peer name {interface} netns {init} && ip link set {name}-{segment} master {segment} up"
    );
    let mut command: Command = wire.enter_links();
    command.args(["sh", "-c", &script]);
    crate::command::run(&format!("plug {name} into {segment}"), &mut command)
        .unwrap_or_else(|failed| panic!("lab: {failed}"));
    // Frames on a real wire have their checksums: virtual links leave them out, and a switch in user space sees that.
    node.sh(&format!("ethtool -K {interface} tx off && ip link set {interface} up"));
}

/// Puts `lab-peer` where the node's commands find it.
fn install_peer(node: &Node) {
    node.sh_reading(&paths::built("lab-peer"), "cat >/run/lab/lab-peer && chmod +x /run/lab/lab-peer");
}
