//! `ovn` networks: the same on every host that creates them, routed within a VRF, on a real OVN.

mod document;
mod external;
mod limits;
mod outages;
mod span;
mod switches;
mod vrfs;
mod ways_out;

use lab::{Central, Docker, Host, World};

/// Two hosts of one OVN, with the newest Docker.
fn hosts(world: &mut World, central: &Central) -> [Host; 2] {
    hosts_with(Docker::Newest, world, central)
}

/// Two hosts of one OVN.
fn hosts_with(docker: Docker, world: &mut World, central: &Central) -> [Host; 2] {
    let hosts = [(); 2].map(|()| world.ovn_host(docker, central));
    meet(&hosts);
    hosts
}

/// Waits until there are tunnels between two hosts.
fn meet([one, two]: &[Host; 2]) {
    one.meets(&[two]);
    two.meets(&[one]);
}

/// Creates a network of mode ovn on each of `hosts`.
#[track_caller]
fn create(hosts: &[Host], network: &str) {
    for host in hosts {
        host.sh(&format!("docker network create -d ovs -o mode=ovn {network}"));
    }
}

/// Removes all containers of each host, and these networks.
#[track_caller]
fn leave(hosts: &[Host], networks: &str) {
    for host in hosts {
        host.sh(&format!("docker ps -aq | xargs -r -P 8 -n 1 docker rm -f && docker network rm {networks}"));
    }
}
