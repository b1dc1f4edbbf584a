//! Bad input: Docker prints which key, what is wrong with it and what would be right, and nothing is left.

use lab::{Docker, Host, World};

on_both_dockers!(bad_options_of_a_network_are_named, bad_options_of_a_container_are_named);

/// What `docker network create` gets, and what it has to say about it.
const NETWORKS: [(&str, &[&str]); 7] = [
    ("--opt mode=nat --opt typo=1", &["typo"]),
    ("--opt mode=nat --opt mut=1400", &["mut", "mtu"]),
    ("--opt mode=nat --opt mtu=abc", &["mtu", "abc", "65535"]),
    ("--opt mode=nat --opt mtu=1", &["mtu", "68"]),
    ("--opt mode=nope", &["nope", "nat", "flat"]),
    ("--opt mode=nat --opt icc=perhaps", &["icc", "perhaps", "true", "false"]),
    ("--opt mode=nat --opt uplink=eth1", &["uplink", "flat"]),
];

#[track_caller]
fn refuses(host: &Host, command: &str, words: &[&str]) {
    let said = host.fails(command);
    for word in words {
        assert!(said.contains(word), "no `{word}` in what `{command}` said:\n{said}");
    }
}

fn bad_options_of_a_network_are_named(docker: Docker) {
    let mut world = World::new();
    let host = world.host(docker);
    let before = host.snapshot();
    for (options, words) in NETWORKS {
        refuses(&host, &format!("docker network create -d ovs {options} web"), words);
    }
    host.returns_to(&before);
}

fn bad_options_of_a_container_are_named(docker: Docker) {
    let mut world = World::new();
    let host = world.host(docker);
    host.sh("docker network create -d ovs --opt mode=nat web");
    let before = host.snapshot();
    refuses(&host, "docker run --network name=web,driver-opt=typo=1 lab true", &["typo"]);
    refuses(&host, "docker run --network name=web,driver-opt=mtu=1400 lab true", &["mtu", "network"]);
    host.sh("docker ps -aq | xargs docker rm");
    host.returns_to(&before);
}
