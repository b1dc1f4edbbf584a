//! Compose: projects of several networks, up and down again.

use lab::{Docker, Host, Place as _, ROUTER, World};

on_both_dockers!(
    a_project_with_two_networks_goes_up_and_down_twice,
    ports_of_a_service_on_nat_and_flat_are_published_by_nat
);

/// Two networks, static addresses, an alias and options.
const SHOP: &str = r#"
version: "2.4"
services:
  front:
    image: lab
    command: lab-peer serve front 5000
    networks:
      web: { ipv4_address: 10.77.0.10, aliases: [shop] }
  back:
    image: lab
    command: lab-peer serve back 5000
    networks:
      web: { ipv4_address: 10.77.0.11 }
      data: { ipv4_address: 10.78.0.11 }
  store:
    image: lab
    command: lab-peer serve store 5000
    networks: [data]
networks:
  web:
    driver: ovs
    driver_opts: { mode: nat, mtu: "1400" }
    ipam: { config: [{ subnet: 10.77.0.0/24 }] }
  data:
    driver: ovs
    driver_opts: { mode: nat, icc: "true" }
    internal: true
    ipam: { config: [{ subnet: 10.78.0.0/24 }] }
"#;

/// A service on a nat network and on a flat one, with a port. Docker joins them in an order of its own, and asks the flat one
/// to publish before the driver can know that there will be another: it has to be told to let that pass. The nat one is
/// called ACCESS, for a name that sorts before the flat one's, and after.
const BOTH: &str = r#"
version: "2.4"
services:
  front:
    image: lab
    command: lab-peer serve front 5000
    ports: ["8080:5000"]
    networks: [ACCESS, lan]
networks:
  ACCESS:
    driver: ovs
    driver_opts: { mode: nat }
  lan:
    driver: ovs
    driver_opts: { mode: flat, uplink: eth1, publish: ignore }
    ipam: { config: [{ subnet: 10.9.0.0/24, gateway: 10.9.0.253, ip_range: 10.9.0.64/26 }] }
"#;

fn compose(host: &Host, command: &str) -> String {
    host.sh(&format!("cd /tmp/project && {} -p shop {command}", host.docker.compose()))
}

fn write_project(host: &Host, text: &str) {
    host.sh(&format!("mkdir -p /tmp/project && cat >/tmp/project/docker-compose.yml <<'END'\n{text}\nEND"));
}

fn a_project_with_two_networks_goes_up_and_down_twice(docker: Docker) {
    let mut world = World::new();
    let host = world.host(docker);
    write_project(&host, SHOP);
    let before = host.snapshot();
    for _ in 0..2 {
        compose(&host, "up -d");
        assert_eq!(compose(&host, "exec -T back lab-peer ask tcp shop 5000"), "front 10.77.0.11");
        assert_eq!(compose(&host, "exec -T back lab-peer ask tcp store 5000"), "store 10.78.0.11");
        assert!(compose(&host, "exec -T front ip link show eth0").contains("mtu 1400"));
        compose(&host, "down -t 0");
        host.returns_to(&before);
    }
}

fn ports_of_a_service_on_nat_and_flat_are_published_by_nat(docker: Docker) {
    let mut world = World::new();
    let host = world.host(docker);
    for access in ["access", "web"] {
        write_project(&host, &BOTH.replace("ACCESS", access));
        let before = host.snapshot();
        for _ in 0..3 {
            compose(&host, "up -d");
            assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "front", "{access}");
            compose(&host, &format!("exec -T front ping -c 1 -w 5 {ROUTER}"));
            compose(&host, "down -t 0");
            host.returns_to(&before);
        }
    }
}
