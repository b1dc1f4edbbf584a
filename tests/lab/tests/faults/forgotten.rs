//! Docker forgets what it asked a driver to remove, whether that heard of it or not, and what it was making when it died.
//! `check` names what the driver then has alone, and the command that it prints removes it.

use lab::{Docker, Host, LONG, World};

/// The driver has a connection of Docker's, or a call on one, that it has not taken.
const UNREAD: &str = "ss -Hxna src /run/docker/plugins/ovs.sock | awk '$3 > 0' | grep .";
/// The command that `check` prints for what is forgotten.
const NAMED: &str = "docker-ovs check | grep -o 'docker-ovs network rm .*'";

fn what_docker_has_forgotten_is_named_and_removed(docker: Docker) {
    let mut world = World::new();
    let mut host = world.host(docker);
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat web && docker network create -d ovs --opt mode=nat lost");
    host.sh("docker create --name left --network web lab true");
    let said = host.fails("docker-ovs network rm --force web");
    assert!(said.contains("Docker still has network web: docker network rm web removes it"), "{said}");
    assert_eq!(host.fails(NAMED), "", "Docker has all of it");

    let [web, lost] = ["web", "lost"].map(|network| id_of(&host, network));
    the_driver_dies_over(&mut host, "docker network rm lost");
    assert_eq!(host.sh(NAMED), format!("docker-ovs network rm {}", &lost[..12]));
    what_is_named_is_removed(&host);

    docker_dies_over(&mut host, "docker start left");
    let endpoint = planned(&host, &web);
    let said = host.fails("docker-ovs network rm web");
    assert!(said.contains("names need Docker"), "{said}");
    let said = host.fails(&format!("docker-ovs network rm {web}"));
    assert!(said.contains("is not known") && said.contains("--force"), "{said}");
    host.start_docker();
    assert_eq!(host.sh(NAMED), format!("docker-ovs network rm {}/{}", &web[..12], &endpoint[..12]));
    what_is_named_is_removed(&host);

    host.sh("docker rm -f left && docker run --rm --network web lab true && docker network rm web");
    host.returns_to_but_for_order(&before);
}

/// The identifier of a network, as Docker gives it.
fn id_of(host: &Host, network: &str) -> String {
    host.sh(&format!("docker network inspect -f '{{{{.Id}}}}' {network}"))
}

/// Waits for the endpoint that is planned in a network, and gives its identifier.
fn planned(host: &Host, network: &str) -> String {
    let look = format!("docker-ovs network inspect --json {network} | jq -r '.endpoint_list[] | .state + \" \" + .id'");
    host.until(LONG, &format!("{look} | grep planned"));
    host.sh(&look).replace("planned ", "")
}

fn what_is_named_is_removed(host: &Host) {
    host.sh(&host.sh(NAMED));
    assert_eq!(host.fails(NAMED), "", "nothing is forgotten any more");
    assert!(host.sh("docker-ovs network ls").contains("nat"), "what Docker has stays");
}

/// Has Docker give a command that the driver does not read, and then Docker forget it.
fn the_driver_dies_over(host: &mut Host, command: &str) {
    let asking = unread(host, command);
    host.kill_driver();
    asking.finish();
    host.start_driver();
}

/// Has Docker give a command that the driver reads only after Docker is gone.
fn docker_dies_over(host: &mut Host, command: &str) {
    let _asking = unread(host, command);
    host.kill_docker();
    host.thaw_driver();
}

fn unread(host: &Host, command: &str) -> lab::Running {
    host.freeze_driver();
    let asking = host.start_sh(command);
    host.until(LONG, UNREAD);
    asking
}

#[test]
fn what_docker_has_forgotten_is_named_and_removed_on_stable() {
    what_docker_has_forgotten_is_named_and_removed(Docker::Stable);
}

#[test]
fn what_docker_has_forgotten_is_named_and_removed_on_newest() {
    what_docker_has_forgotten_is_named_and_removed(Docker::Newest);
}
