//! Bad input: Docker prints which key, what is wrong with it and what would be right, and nothing is left.

use lab::{Docker, Host, World};

on_both_dockers!(bad_options_of_a_network_are_named, bad_options_of_a_container_are_named);

/// The keys of mode nat, as it tells them.
const KEYS: &str = "bridge, mtu, datapath, icc, masquerade, host_binding, gateway_mode";

/// What `docker network create` gets, and what it has to say about it: which key, what was wrong, what would be right.
const NETWORKS: [(&str, &[&str]); 10] = [
    ("--opt mode=nat --opt typo=1", &["mode nat has no option typo: it has ", KEYS]),
    ("--opt typo=1", &["mode nat has no option typo: it has ", KEYS]),
    ("--opt mode=nat --opt mut=1400", &["mode nat has no option mut: did you mean mtu?"]),
    ("--opt mode=nat --opt mtu=abc", &["option mtu: \"abc\" cannot be: a whole number from 68 to 65535 is wanted"]),
    ("--opt mode=nat --opt mtu=1", &["option mtu: \"1\" cannot be: a whole number from 68 to 65535 is wanted"]),
    ("--opt mode=nope", &["there is no mode nope: this host has flat, nat"]),
    ("--opt mode=nta", &["there is no mode nta: did you mean nat?"]),
    ("--opt mode=nat --opt icc=perhaps", &["option icc: \"perhaps\" cannot be: ", "true", "false"]),
    (
        "--opt mode=nat --opt uplink=eth1",
        &["option uplink belongs to modes flat and vlan: create the network with --opt mode=flat or --opt mode=vlan"],
    ),
    ("--opt mode=flat --opt uplink=eth9 --subnet 10.9.0.0/24", &["eth9"]),
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
    refuses(
        &host,
        "docker run --network name=web,driver-opt=typo=1 lab true",
        &[
            "mode nat has no option typo: it has port_security, allowed_addresses, rate.ingress, rate.egress, routes, ifname",
        ],
    );
    refuses(
        &host,
        "docker run --network name=web,driver-opt=mtu=1400 lab true",
        &["option mtu is the network's: give it on docker network create --opt"],
    );
    host.sh("docker ps -aq | xargs docker rm");
    host.returns_to(&before);
}
