//! Beside Docker's iptables, as Docker 20.10 and 28.5 were seen to make them, in both implementations of iptables.
//! Container d publishes its port 80 as 8088 of the host.

use std::time::Duration;

use super::world::{World, ask, forward, misses, nat, open, publish, serve, somebody};

const OLD: &str = "*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
";

const NEW: &str = "*raw
-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-BRIDGE - [0:0]
:DOCKER-CT - [0:0]
:DOCKER-FORWARD - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER-BRIDGE -o docker0 -j DOCKER
-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i docker0 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
COMMIT
";

const NAT: &str = "*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8088 -j DNAT --to-destination 172.17.0.2:80
COMMIT
";

/// What a start of Docker 20.10 does to the chain: its rules go, and come again in front.
const RESTART: &str = "
for rule in '-j DOCKER-USER' '-j DOCKER-ISOLATION-STAGE-1' '-o docker0 -j DOCKER' '-i docker0 -o docker0 -j ACCEPT'; do
  iptables -D FORWARD $rule && iptables -I FORWARD $rule || exit
done";

fn docker(world: &World, filter: &str, command: &str) {
    for rules in [filter, NAT] {
        world.host.sh(&format!("{command}-restore <<'END'\n{rules}END\n"));
    }
}

fn served() -> World {
    let world = World::new();
    for who in [&world.a, &world.c, &world.d, &world.outside] {
        serve(who, 80);
        serve(who, 81);
    }
    world
}

/// Everything that has to work, and everything that must not.
fn judge(world: &World) {
    let reaches = |who, address| ask(who, address).is_some();
    assert!(reaches(&world.a, "192.0.2.9:80"), "the way out");
    for (who, name) in [(&world.outside, "outside"), (&world.a, "a"), (&world.b, "b"), (&world.c, "c"), (&world.d, "d")]
    {
        assert!(reaches(who, "192.0.2.1:8080"), "our published port from {name}");
    }
    assert!(
        reaches(&world.outside, "192.0.2.1:8088") && reaches(&world.a, "192.0.2.1:8088"),
        "Docker's published port"
    );
    for address in ["172.17.0.2:81", "[fd00:172:17::2]:81", "[fd00:10:2::2]:80", "10.2.0.2:80", "10.2.0.2:81"] {
        assert!(misses(&world.a, address), "from a to {address}");
    }
    for address in ["10.1.0.2:80", "10.1.0.2:81"] {
        for (who, name) in [(&world.outside, "outside"), (&world.c, "c"), (&world.d, "d")] {
            assert!(misses(who, address), "from {name} to {address}");
        }
    }
    assert!(misses(&world.outside, "172.17.0.2:81"), "Docker's own isolation stays");
    assert!(reaches(&world.d, "192.0.2.9:80"), "and so does its way out");
}

fn beside(filter: &str, command: &str) {
    let world = served();
    docker(&world, filter, command);
    let before = world.host.sh(&format!("{command}-save | grep -v '^#' | sed 's/ \\[.*//'"));
    let mut rules = nat();
    rules.push(publish("8080->10.1.0.2:80/tcp"));
    world.with(&rules);
    judge(&world);
    world.firewall(|firewall| async move {
        assert_eq!(firewall.missing(&rules).await.unwrap(), []);
        firewall.apply(&[], &rules).await.unwrap();
    });
    assert_eq!(world.host.sh(&format!("{command}-save | grep -v '^#' | sed 's/ \\[.*//'")), before);
}

#[test]
fn docker_20_10() {
    beside(OLD, "iptables");
}

#[test]
fn docker_28() {
    beside(NEW, "iptables");
}

#[test]
fn docker_20_10_with_the_old_iptables() {
    beside(OLD, "iptables-legacy");
}

#[test]
fn ours_stay_behind_dockers_and_are_put_again() {
    let world = served();
    docker(&world, OLD, "iptables");
    let mut rules = nat();
    rules.push(publish("8080->10.1.0.2:80/tcp"));
    world.with(&rules);
    let restart = RESTART;
    world.host.sh(restart);
    judge(&world);
    let check = rules.clone();
    world.firewall(|firewall| async move { assert_eq!(firewall.missing(&check).await.unwrap(), []) });
    for breakage in ["iptables -F FORWARD", "iptables -D FORWARD -i ovh+ -m comment --comment docker-ovs -j ACCEPT"] {
        world.host.sh(breakage);
        world
            .host
            .sh(&format!("iptables -C FORWARD -j DOCKER-USER 2>/dev/null || iptables-restore <<'END'\n{OLD}END\n"));
        let rules = rules.clone();
        world.firewall(move |firewall| async move {
            let missing = firewall.missing(&rules).await.unwrap();
            assert_eq!(missing, [forward("ovh1", true), forward("ovh2", true)], "{breakage}");
            firewall.apply(&missing, &[]).await.unwrap();
        });
        judge(&world);
    }
}

#[test]
fn a_docker_that_comes_later_is_heard_of() {
    let world = served();
    let mut rules = nat();
    rules.push(publish("8080->10.1.0.2:80/tcp"));
    world.with(&rules);
    assert!(!world.host.does("nft list table ip filter"), "no chain of others is made");
    world.firewall(move |firewall| async move {
        let mut watch = firewall.watch().unwrap();
        somebody(&format!("iptables-restore <<'END'\n{OLD}END\n")).await;
        tokio::time::timeout(Duration::from_secs(5), watch.changed()).await.unwrap();
        let missing = firewall.missing(&rules).await.unwrap();
        assert!(!missing.is_empty());
        firewall.apply(&missing, &[]).await.unwrap();
    });
    docker(&world, "", "iptables");
    judge(&world);
}

#[test]
fn dockers_bridges_are_guarded_in_ipv6_until_docker_does_it() {
    let world = served();
    docker(&world, OLD, "iptables");
    world.with(&nat());
    let guarded = |bridge| world.host.sh("nft list set inet docker-ovs unguarded6").contains(bridge);
    assert!(guarded("docker0") && misses(&world.a, "[fd00:172:17::2]:80"));
    let settle = |world: &World| {
        world.firewall(|firewall| async move {
            let missing = firewall.missing(&nat()).await.unwrap();
            assert!(!missing.is_empty());
            firewall.apply(&missing, &[]).await.unwrap();
        });
    };
    world.host.sh("iptables -I DOCKER-ISOLATION-STAGE-2 -o br-0123456789ab -j DROP");
    settle(&world);
    assert!(guarded("br-0123456789ab"), "one that came later");
    world.host.sh("ip6tables -N DOCKER-ISOLATION-STAGE-2 && ip6tables -A FORWARD -j DOCKER-ISOLATION-STAGE-2");
    settle(&world);
    assert!(!guarded("docker0"));
}

#[test]
fn routed_ports_pass_dockers_policy() {
    let world = served();
    docker(&world, NEW, "iptables");
    world.with(&[forward("ovh1", true), open("10.1.0.2:80/tcp")]);
    assert!(ask(&world.outside, "10.1.0.2:80").is_some());
    assert!(misses(&world.outside, "10.1.0.2:81"));
    assert!(misses(&world.a, "172.17.0.2:80"));
    world.firewall(|firewall| async move { firewall.apply(&[], &[open("10.1.0.2:80/tcp")]).await.unwrap() });
    assert!(misses(&world.outside, "10.1.0.2:80"));
    assert!(!world.host.sh("iptables -S FORWARD").contains("-A FORWARD -o ovh+ -m comment"));
}
