//! `vlan` networks: VLANs of one wire, kept apart by tags that the other end sees.

use lab::{Docker, Host, LONG, Place as _, ROUTER, World};

on_both_dockers!(networks_of_one_wire_are_vlans_of_it, a_bond_that_the_user_made_is_a_wire,);

/// The other end of the wire: a switch with a foot in each of three VLANs.
const OTHER_END: &str = "\
ovs-vsctl add-port br0 eth1
for id in 100 200 300; do
  ovs-vsctl add-port br0 v$id tag=$id -- set interface v$id type=internal
done
for id in 1 2 3; do ip address add 10.$id.0.254/24 dev v${id}00 && ip link set v${id}00 up; done";

/// Two networks on one wire.
pub(crate) const NETWORKS: &str = "\
docker network create -d ovs --opt mode=vlan --opt uplink=eth1 --opt vlan=100 --opt host_address=10.1.0.9 \
  --subnet 10.1.0.0/24 --gateway 10.1.0.254 --aux-address host=10.1.0.9 blue
docker network create -d ovs --opt mode=vlan --opt uplink=eth1 --opt vlan=200 \
  --subnet 10.2.0.0/24 --gateway 10.2.0.254 green";

/// A host with everything started, and the other end of its wire.
pub(crate) fn wired(docker: Docker) -> (World, Host, Host) {
    let mut world = World::new();
    let host = world.host(docker);
    let mut other = world.bare_host(docker);
    other.start_ovs();
    other.add_bridge("br0");
    other.sh(OTHER_END);
    (world, host, other)
}

/// Watches the frames of an interface, in a container's namespace or a host's own, from now on.
pub(crate) struct Watch<'a> {
    host: &'a Host,
    file: String,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(host: &'a Host, name: &str, before: &str, interface: &str) -> Self {
        let file = format!("/run/lab/{name}.frames");
        // Its own process group ends with the host.
        host.sh(&format!(
            "{before} setsid tcpdump -Z root -i {interface} -e -nn -l >{file} 2>{file}.said </dev/null & sleep 0.01"
        ));
        host.until(LONG, &format!("grep listening {file}.said"));
        Self { host, file }
    }

    pub(crate) fn sees(&self, pattern: &str) {
        self.host.until(LONG, &format!("grep -E '{pattern}' {}", self.file));
    }

    /// The frames that fit, so far.
    pub(crate) fn seen(&self, pattern: &str) -> String {
        self.host.sh(&format!("grep -E '{pattern}' {} || true", self.file))
    }
}

fn networks_of_one_wire_are_vlans_of_it(docker: Docker) {
    let (_world, mut host, other) = wired(docker);
    let before = host.snapshot();
    host.sh(NETWORKS);
    assert_eq!(host.sh("ovs-vsctl list-br | wc -l"), "1", "they share a bridge");
    let wire = Watch::new(&other, "wire", "", "eth1");
    let left = host.start_container("left", "--network blue --ip 10.1.0.2 --cap-add NET_ADMIN");
    let right = host.start_container("right", "--network green --ip 10.2.0.2");
    left.pings("10.1.0.254");
    right.pings("10.2.0.254");
    host.pings("10.1.0.254");
    host.pings("10.1.0.2");
    for (address, id) in [("10.1.0.2", 100), ("10.1.0.9", 100), ("10.2.0.2", 200)] {
        wire.sees(&format!("vlan {id},.* {address} > 10.*echo request"));
    }
    let strays = wire.seen("10[.][12][.]0[.]").lines().filter(|line| !line.contains("802.1Q")).count();
    assert_eq!(strays, 0, "nothing is without a tag");
    left.does("ip address add 10.2.0.77/24 dev eth0");
    left.cannot_ping("10.2.0.2");
    left.cannot_ping("10.2.0.254");
    assert_eq!(wire.seen("vlan 200,.*(tell 10[.]2[.]0[.]77|10[.]2[.]0[.]77 > )"), "", "it stays in its VLAN");

    let said = host.fails(
        "docker network create -d ovs --opt mode=vlan --opt uplink=eth1 --opt vlan=300 --opt datapath=netdev \
                           --subnet 10.3.0.0/24 red",
    );
    assert!(said.contains("shares \"uplink eth1\"") && said.contains("datapath auto"), "says who has what: {said}");
    let shown = host.sh("docker-ovs network inspect blue");
    let green = host.sh("docker network inspect --format '{{.Id}}' green");
    assert!(shown.contains(&format!("shared with {green}")), "{shown}");

    host.kill_driver();
    host.start_driver();
    host.container("left").pings("10.1.0.254");
    host.sh("docker rm -f left && docker network rm blue");
    host.container("right").pings("10.2.0.254");
    host.sh("docker rm -f right && docker network rm green");
    host.returns_to(&before);
}

fn a_bond_that_the_user_made_is_a_wire(docker: Docker) {
    let (_world, host, _other) = wired(docker);
    host.add_bridge("br-lab");
    host.sh("ip link add spare type veth peer name nowhere && ip link set spare up && ip link set nowhere up
             ovs-vsctl add-bond br-lab bond1 eth1 spare bond_mode=active-backup other_config:bond-primary=eth1");
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=vlan --opt bridge=br-lab --opt vlan=100 \
               --subnet 10.1.0.0/24 --gateway 10.1.0.254 blue
             docker network create -d ovs --opt mode=flat --opt bridge=br-lab \
               --subnet 10.9.0.0/24 --gateway 10.9.0.253 --ip-range 10.9.0.64/26 lan");
    let tagged = host.start_container("tagged", "--network blue");
    let plain = host.start_container("plain", "--network lan");
    tagged.pings("10.1.0.254");
    plain.pings(ROUTER);
    tagged.cannot_ping(&plain.address("lan"));
    let said = host.fails(
        "docker network create -d ovs --opt mode=vlan --opt bridge=br-lab --opt uplink=eth1 --opt vlan=200 \
                           --subnet 10.2.0.0/24 green",
    );
    assert!(said.contains("eth1") && said.contains("bond"), "an interface of a bond is the bond's: {said}");
    host.sh("docker rm -f tagged plain && docker network rm blue lan");
    host.returns_to(&before);
}
