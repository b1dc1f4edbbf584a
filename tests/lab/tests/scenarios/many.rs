//! Many at once.

use lab::{Docker, World};

#[test]
fn a_hundred_containers_come_and_go_sixteen_at_a_time() {
    let mut world = World::new();
    let host = world.host(Docker::Newest);
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat --subnet 10.77.0.0/24 web");
    let empty = host.snapshot();
    host.sh("seq 100 | xargs -P 16 -I{} docker run -d --name c{} --network web -p 5000 lab sleep 900");
    assert_eq!(host.sh("docker ps -q | wc -l"), "100");
    assert_eq!(host.sh("ss -Hlnt | awk '{ print $4 }' | grep -c '^0.0.0.0:'"), "100", "each has a port of its own");
    host.sh("seq 100 | xargs -P 8 -I{} docker exec c{} ping -c 1 -w 10 10.77.0.1");
    host.sh("seq 100 | xargs -P 16 -I{} docker rm -f c{}");
    host.returns_to(&empty);
    host.sh("docker network rm web");
    host.returns_to(&before);
}
