//! Two drivers on one Open vSwitch, each with its own folder.

use lab::{Docker, Host, LONG, OUTSIDE, Place as _, World};

/// The second driver's settings.
const OTHER: &str = "\
mkdir -p /etc/other && cat >/etc/other/config.toml <<'END'
socket = \"/run/docker/plugins/other.sock\"
admin_socket = \"/run/docker-ovs/other.sock\"
state_dir = \"/var/lib/other\"
END";
const START: &str = "docker-ovs serve --config /etc/other/config.toml >/run/lab/other.log 2>&1";

#[track_caller]
fn works(world: &World, host: &Host, container: &str, port: u16) {
    host.container(container).asks("tcp", OUTSIDE, 5000);
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", port).name, container);
}

#[test]
fn two_drivers_never_touch_each_others_things() {
    let mut world = World::new();
    let mut host = world.host(Docker::Newest);
    host.sh(OTHER);
    let _other = host.start_sh(START);
    host.until(LONG, "docker-ovs network ls --config /etc/other/config.toml");
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat --subnet 10.77.0.0/24 one");
    host.sh("docker network create -d other --opt mode=nat --subnet 10.78.0.0/24 two");
    let _ = host.start_container("first", "--network one -p 8081:5000");
    let _ = host.start_container("second", "--network two -p 8082:5000");
    let both = |host: &Host| {
        works(&world, host, "first", 8081);
        works(&world, host, "second", 8082);
    };
    both(&host);

    host.kill_driver();
    host.start_driver();
    for config in ["/etc/docker-ovs/config.toml", "/etc/other/config.toml"] {
        host.sh(&format!("docker-ovs network reconcile --config {config}"));
    }
    both(&host);
    host.sh("docker rm -f first && docker network rm one");
    works(&world, &host, "second", 8082);
    host.sh("docker rm -f second && docker network rm two");
    host.returns_to(&before);
}
