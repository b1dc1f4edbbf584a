//! A network gets another module under its running containers: whole, or not at all.

use builtin_modes::builtin;
use lab::{Docker, Host, OUTSIDE, Place as _, Watched, World};

/// What the module may do: as much as the built-in mode that it is made of.
const GRANTS: &str = "--grant bridge --grant host-address --grant nat --grant publish";
/// Containers do not talk to each other.
const ISOLATED: (&str, &str) =
    ("key = \"icc\"\ntype = \"boolean\"\ndefault = true", "key = \"icc\"\ntype = \"boolean\"\ndefault = false");
/// They are reached at their own addresses, which is other rules for all that they publish.
const ROUTED: (&str, &str) = ("default = \"nat\"", "default = \"routed\"");
/// What the manifest of mode nat begins with, in the module, too, which ends with it.
const HEAD: &str = "# The manifest of mode nat";

/// An `nft` that does not open ports.
const BROKEN_NFT: &str = "\
cp $(command -v nft) /run/lab/real-nft
cat >/run/lab/broken-nft <<'END'
#!/bin/sh
[ \"$1\" = -f ] || exec /run/lab/real-nft \"$@\"
cat >/run/lab/nft-input
! grep -q 'add element .* opened4' /run/lab/nft-input || { echo out of order >&2; exit 1; }
exec /run/lab/real-nft \"$@\" </run/lab/nft-input
END
chmod +x /run/lab/broken-nft && mount --bind /run/lab/broken-nft $(command -v nft)";

on_both_dockers!(a_network_is_upgraded_under_its_containers);

/// Mode nat with another version and other defaults: what comes of it is as long as it was, since its first line is a comment.
fn version(number: &str, changes: &[(&str, &str)]) -> Vec<u8> {
    let (_, nat) = builtin().into_iter().find(|(name, _)| *name == "nat").expect("it is built in");
    let start = nat.windows(HEAD.len()).rposition(|bytes| bytes == HEAD.as_bytes()).expect("it has a manifest");
    let mut text = String::from_utf8(nat[start..].to_vec()).expect("manifests are text");
    for (old, new) in [("\"0.1.0\"", format!("\"{number}\"").as_str())].iter().chain(changes) {
        assert!(text.contains(old), "{old} is not in the manifest");
        text = text.replacen(old, new, 1);
    }
    let (_, keys) = text.split_once('\n').expect("it has lines");
    let comment = nat.len() - start - keys.len() - 1;
    [&nat[..start], format!("{:<comment$}\n", "#").as_bytes(), keys.as_bytes()].concat()
}

fn add(host: &Host, module: &[u8]) {
    host.write("/run/lab/module.wasm", module);
    host.sh(&format!("docker-ovs mode add /run/lab/module.wasm --name lab {GRANTS}"));
}

/// The host's ends of the containers' links, with their numbers.
fn links(host: &Host) -> String {
    host.sh("ip -o link | grep -o '^[0-9]*: ove[^@]*' | sort")
}

fn a_network_is_upgraded_under_its_containers(docker: Docker) {
    let mut world = World::new();
    let mut host = world.host(docker);
    let before = host.snapshot();
    add(&host, &version("0.1.0", &[]));
    host.sh("docker network create -d ovs --opt mode=lab web");
    host.start_container("left", "--network web -p 8080:5000");
    let right = host.start_container("right", "--network web").address("web");
    host.container("left").pings(&right);
    let (same, watched) = (links(&host), host.start_sh(&format!("docker exec left lab-peer watch {OUTSIDE} 5000 10")));

    add(&host, &version("0.2.0", &[ISOLATED]));
    let shown = host.sh("docker-ovs mode upgrade web --dry-run");
    for words in ["lab 0.1.0", "lab 0.2.0", "of left", "of right", "isolated false -> true", "hairpin true -> false"] {
        assert!(shown.contains(words), "{words} is not shown: {shown}");
    }
    host.container("left").pings(&right);
    host.sh("docker-ovs mode upgrade web --yes");
    host.container("left").cannot_ping(&right);
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "left");
    assert!(host.sh("docker-ovs mode upgrade web --yes").contains("has lab 0.2.0"), "there is nothing more to do");
    Watched::of(watched).never_stopped();
    assert_eq!(links(&host), same, "no link was made again");

    host.kill_driver();
    host.start_driver();
    host.container("left").cannot_ping(&right);
    host.start_container("third", "--network web").cannot_ping(&right);
    host.sh("docker rm -f left right third && docker network rm web && docker-ovs mode rm lab");
    host.returns_to(&before);
}

#[test]
fn an_upgrade_that_fails_leaves_all_as_it_was() {
    let mut world = World::new();
    let host = world.host(Docker::Newest);
    let before = host.snapshot();
    add(&host, &version("0.1.0", &[]));
    host.sh("docker network create -d ovs --opt mode=lab web");
    let left = host.start_container("left", "--network web -p 8080:5000");
    let right = host.start_container("right", "--network web").address("web");
    let busy = host.snapshot();

    add(&host, &version("0.2.0", &[ISOLATED, ROUTED]));
    host.sh(BROKEN_NFT);
    let said = host.fails("docker-ovs mode upgrade web --yes");
    for words in ["of endpoint", "out of order", "all is again as it was"] {
        assert!(said.contains(words), "{words} is not said: {said}");
    }
    left.pings(&right);
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "left");
    assert_eq!(left.asks("tcp", OUTSIDE, 5000).from, "192.0.2.1", "hidden behind the host's address, as before");
    host.returns_to_but_for_order(&busy);

    host.sh("umount $(command -v nft) && docker-ovs mode upgrade web --yes");
    left.cannot_ping(&right);
    host.sh("docker rm -f left right && docker network rm web && docker-ovs mode rm lab");
    host.returns_to(&before);
}
