//! What operators ask `docker-ovs`: is this host fit, what is there and why, and take over what I changed.

use lab::{Docker, Host, LONG, World};
use std::time::Duration;

on_both_dockers!(a_fit_host_is_found_fit_and_an_unfit_one_is_not, networks_are_found_by_their_names);

fn a_fit_host_is_found_fit_and_an_unfit_one_is_not(docker: Docker) {
    let mut world = World::new();
    let mut host = world.host(docker);
    host.sh("docker network create -d ovs --opt mode=nat web");
    let said = host.sh("docker-ovs check");
    assert!(!said.contains("BAD") && said.contains("ok   open vswitch") && said.contains("ok   driver"), "{said}");

    host.kill_vswitchd();
    let said = host.fails("docker-ovs check");
    assert!(said.contains("ovs-vswitchd has died") && said.contains("-> systemctl restart"), "{said}");
    host.start_vswitchd();
    host.until(LONG, "docker-ovs check");

    host.stop_ovs();
    host.until(LONG, "docker-ovs check | grep 'it has no connection to Open vSwitch'");
    let said = host.fails("docker-ovs check");
    assert!(said.contains("its database does not answer") && said.contains("-> apt-get install openvswitch"), "{said}");
    let said = host.fails("docker-ovs network reconcile");
    assert!(said.contains("could not look: Open vSwitch does not answer"), "{said}");
    let said = host.sh("timeout 3 docker-ovs network inspect web");
    assert!(said.starts_with("network web  unknown"), "{said}");

    host.start_ovs();
    host.until(LONG, "docker-ovs check");
    assert!(host.sh("docker-ovs network reconcile").contains("1 network verified"));
}

fn networks_are_found_by_their_names(docker: Docker) {
    let mut world = World::new();
    let host = world.host(docker);
    host.sh("docker network create -d ovs --opt mode=nat web && docker network create other");
    host.start_container("left", "--network web -p 8080:5000");
    host.sh("docker run --name done --network web lab true");
    let id = host.sh("docker network inspect -f '{{.Id}}' web");

    assert!(host.sh("docker-ovs network ls").contains("web"));
    let said = host.sh("docker-ovs network inspect web");
    for words in [id.as_str(), "network web  healthy", "left", "8080->5000/tcp", "masquerade"] {
        assert!(said.contains(words), "\"{words}\" is not in:\n{said}");
    }
    assert_eq!(said, host.sh(&format!("docker-ovs network inspect {}", &id[..12])));
    assert!(host.sh("docker-ovs explain web").contains("$ ovs-vsctl --may-exist add-br"));
    let said = host.sh("docker-ovs explain web/left");
    assert!(said.contains("$ ip link add") && said.contains("the host's port 8080"), "{said}");
    assert!(host.sh("docker-ovs network reconcile web").contains("everything is as planned"));

    let fails = |subject: &str, words: &str| {
        let said = host.fails(&format!("docker-ovs explain {subject}"));
        assert!(said.contains(words), "\"{words}\" is not in: {said}");
    };
    fails("web/done", "container done does not run");
    fails("web/nobody", "Docker has no container nobody");
    fails("other", "other is a network of Docker's driver bridge");
    fails("nothing", "Docker has no network nothing");
}

#[test]
fn a_hangup_narrows_what_a_mode_may_do() {
    let mut world = World::new();
    let host = world.host(Docker::Newest);
    let hang_up = "kill -HUP $(cat /run/lab/docker-ovs.pid)";
    host.sh("docker network create -d ovs --opt mode=nat web");

    host.configure_driver("[grants.nat]\nallow = [\"bridge\", \"host-address\"]\ntypo = 1");
    host.sh(hang_up);
    std::thread::sleep(Duration::from_millis(500));
    host.sh("docker network create -d ovs --opt mode=nat more && docker network rm more");

    host.sh("sed -i /typo/d /etc/docker-ovs/config.toml");
    host.sh(hang_up);
    refused_soon(&host, "docker network create -d ovs --opt mode=nat more", "nat is not granted");
    assert!(host.sh("docker-ovs network ls").contains("web"), "what is there stays");
    host.sh("docker network rm web");
}

/// Waits until a command is refused in these words; what it makes until then is removed.
fn refused_soon(host: &Host, command: &str, words: &str) {
    host.until(LONG, &format!("docker network rm more >/dev/null 2>&1; {command} 2>&1 | grep -F '{words}'"));
}
