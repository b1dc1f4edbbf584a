//! What the document of the OVN driver that this one replaces shows, with `--default-mode ovn`.

use super::leave;
use crate::aliases::{PRINTED, answered, post, printed};
use lab::{Central, Docker, Host, Place as _, World};

/// Its own command, but for the name of the driver.
const COMMAND: &str = "--subnet=10.10.10.0/23 --gateway=10.10.10.1 --ip-range 10.10.10.32/27 --opt vrf=default public";

fn host(world: &mut World, central: &Central) -> Host {
    let mut host = world.chassis(Docker::Newest, central);
    host.start_docker();
    host.start_driver_with(&["--default-mode", "ovn"]);
    host
}

#[test]
fn the_documents_commands_and_requests_are_answered() {
    let mut world = World::new();
    let central = world.central();
    let hosts = [host(&mut world, &central)];
    let [host] = &hosts;
    let before = (host.snapshot(), central.northbound());
    for driver in ["-d ovs -o mode=ovn", "-d ovs"] {
        host.sh(&format!("docker network create {driver} {COMMAND}"));
        host.sh("docker run -d -t --net=public --name=box1 lab sleep 900");
        assert_eq!(host.container("box1").address("public"), "10.10.10.32");
        host.container("box1").pings("10.10.10.1");
        leave(&hosts, "public");
        host.returns_to(&before.0);
        central.northbound_returns_to(&before.1);
    }

    let said = post(host, "CreateNetwork", &printed("CreateNetwork"));
    assert!(answered(&said), "{said}");
    for (call, _, words) in PRINTED {
        let said = post(host, call, &printed(call));
        assert!(answered(&said) && said.contains(words), "{call}: {said}");
    }
    host.returns_to(&before.0);
    central.northbound_returns_to(&before.1);
}
