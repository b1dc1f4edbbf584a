//! Options under their other names, and requests as other drivers' documents print them.

use lab::{Docker, Host, Place as _, World};
use std::fs;
use std::path::Path;

/// What a network of these options looks like to a container.
fn in_a_container(host: &Host, options: &str, script: &str) -> String {
    host.sh(&format!("docker network create -d ovs --subnet 10.77.0.0/24 {options} web"));
    let said = host.sh(&format!("docker run --rm --network web lab sh -c '{script}'"));
    host.sh("docker network rm web");
    said
}

#[test]
fn nat_knows_its_options_by_all_their_names() {
    let mut world = World::new();
    let host = world.host(Docker::Newest);
    host.add_bridge("br-lab");
    let before = host.snapshot();
    for name in ["mode", "net.gopher.ovs.bridge.mode", "ovs.bridge.mode"] {
        for key in ["mtu", "com.docker.network.driver.mtu", "net.gopher.ovs.bridge.mtu", "ovs.bridge.mtu"] {
            let link = in_a_container(&host, &format!("--opt {name}=nat --opt {key}=1400"), "ip link show eth0");
            assert!(link.contains("mtu 1400"), "{key}: {link}");
        }
    }
    for key in ["bridge", "com.docker.network.bridge.name", "net.gopher.ovs.bridge.name", "ovs.bridge.name"] {
        host.sh(&format!("docker network create -d ovs --opt {key}=br-lab web"));
        assert!(host.sh("ovs-vsctl list-ports br-lab").lines().count() == 1, "{key}: the gateway is on the bridge");
        host.sh("docker network rm web");
        host.returns_to(&before);
    }
    for key in ["host_binding", "com.docker.network.bridge.host_binding_ipv4"] {
        host.sh(&format!("docker network create -d ovs --opt {key}=127.0.0.1 web"));
        host.start_container("left", "--network web -p 8080:5000");
        assert_eq!(host.asks("tcp", "127.0.0.1", 8080).name, "left", "{key}");
        world.outside.cannot_ask("tcp", "192.0.2.1", 8080);
        host.sh("docker rm -f left && docker network rm web");
    }
    host.returns_to(&before);
}

#[test]
fn what_docker_calls_icc_masquerade_and_gateway_mode_is_understood() {
    let mut world = World::new();
    let host = world.host(Docker::Newest);
    let before = host.snapshot();
    world.outside.sh("ip route add 10.77.0.0/24 via 192.0.2.1");
    let seen = "lab-peer ask tcp 192.0.2.100 5000";
    for key in ["masquerade", "com.docker.network.bridge.enable_ip_masquerade"] {
        assert_eq!(in_a_container(&host, &format!("--opt {key}=false"), seen), "outside 10.77.0.2", "{key}");
        assert_eq!(in_a_container(&host, &format!("--opt {key}=true"), seen), "outside 192.0.2.1", "{key}");
    }
    for key in ["gateway_mode", "com.docker.network.bridge.gateway_mode_ipv4"] {
        assert_eq!(in_a_container(&host, &format!("--opt {key}=routed"), seen), "outside 10.77.0.2", "{key}");
    }
    for key in ["icc", "com.docker.network.bridge.enable_icc"] {
        host.sh(&format!("docker network create -d ovs --opt {key}=false web"));
        host.start_container("left", "--network web");
        host.start_container("right", "--network web").cannot_ask("tcp", "left", 5000);
        host.sh("docker rm -f left right && docker network rm web");
    }
    host.sh("docker network create -d ovs web");
    // No Docker yet, 29.7 included, takes the name from its driver: that it is accepted is what can be seen.
    for key in ["ifname", "com.docker.network.endpoint.ifname"] {
        host.sh(&format!("docker run --rm --network name=web,driver-opt={key}=data0 lab true"));
    }
    host.sh("docker network rm web");
    host.returns_to(&before);
}

#[test]
fn flat_knows_its_options_by_all_their_names() {
    let mut world = World::new();
    let host = world.host(Docker::Newest);
    let before = host.snapshot();
    let create = "docker network create -d ovs --opt mode=flat --subnet 10.9.0.0/24 --gateway 10.9.0.253";
    for key in ["uplink", "parent", "net.gopher.ovs.bridge.bind_interface"] {
        host.sh(&format!("{create} --opt {key}=eth1 lan"));
        host.sh(&format!("docker run --rm --network lan lab ping -c 1 -w 5 {}", lab::ROUTER));
        host.sh("docker network rm lan");
    }
    for (key, network) in [("vlan", "--opt uplink=eth1"), ("ovs.bridge.vlan", "")] {
        host.sh(&format!("{create} --opt {key}=7 {network} lan"));
        host.start_container("left", "--network lan");
        assert!(
            host.snapshot().section("switch").iter().any(|line| line.ends_with(" tag 7")),
            "{key}: a port has the tag"
        );
        host.sh("docker rm -f left && docker network rm lan");
    }
    host.sh(&format!("{create} --opt ovs.bridge.userspace=true --opt ovs.bridge.name=br-own lan"));
    assert_eq!(host.sh("ovs-vsctl --bare --columns=datapath_type list Bridge br-own"), "netdev");
    host.sh("docker network rm lan");
    host.returns_to(&before);
}

/// The calls that the OVN driver's document prints, in its order after CreateNetwork. First what its own network being
/// refused makes of each: what would make something is refused as well, and names what is not there; what would take
/// something away has nothing to do. Then what stands in the answer once there is a network of that identifier.
pub(crate) const PRINTED: [(&str, Option<&str>, &str); 8] = [
    ("CreateEndpoint", Some("b5082ded43d3"), "MacAddress"),
    ("Join", Some("b5082ded43d3"), "10.30.30.1"),
    ("ProgramExternalConnectivity", Some("b5082ded43d3"), "{}"),
    ("EndpointOperInfo", Some("2f2497db76a5"), "10.30.30.32/23"),
    ("RevokeExternalConnectivity", None, "{}"),
    ("Leave", None, "{}"),
    ("DeleteEndpoint", None, "{}"),
    ("DeleteNetwork", None, "{}"),
];

/// The body of a call, byte for byte as the document has it.
pub(crate) fn printed(call: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../host/docker-api/tests/requests/ovn-document");
    fs::read_to_string(folder.join(call).with_extension("json")).expect("the document's request is there")
}

pub(crate) fn post(host: &Host, call: &str, body: &str) -> String {
    host.post(&format!("NetworkDriver.{call}"), body)
}

pub(crate) fn answered(said: &str) -> bool {
    said.contains(" 200 ") && !said.contains("Err")
}

#[test]
fn the_ovn_documents_requests_are_answered() {
    let mut world = World::new();
    let host = world.host(Docker::Newest);
    let before = host.snapshot();
    let said = post(&host, "CreateNetwork", &printed("CreateNetwork"));
    for word in ["Err", "vrf", "mode ovn", "mode=ovn"] {
        assert!(said.contains(word), "no `{word}` in {said}");
    }
    for (call, refused, _) in PRINTED {
        let said = post(&host, call, &printed(call));
        match refused {
            Some(about) => assert!(said.contains("Err") && said.contains(about), "{call}: {said}"),
            None => assert!(answered(&said), "{call}: {said}"),
        }
    }
    host.returns_to(&before);

    let ours = printed("CreateNetwork").replace("\"vrf\": \"default\"", "\"mode\": \"nat\"");
    let said = post(&host, "CreateNetwork", &ours);
    assert!(answered(&said), "{said}");
    for (call, _, words) in PRINTED {
        let said = post(&host, call, &printed(call));
        assert!(answered(&said) && said.contains(words), "{call}: {said}");
    }
    host.returns_to(&before);
}
