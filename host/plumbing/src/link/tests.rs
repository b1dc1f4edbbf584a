//! Links in a network namespace of the test's own.

use std::time::{Duration, Instant};

use plan::{InterfaceName, MacAddress};

use super::{Configuration, LinkEvent, Links, Reaper, VethSpec};
use crate::netlink::namespace::Namespace;

const MARK: &str = "docker-ovs/0123abcd/";

fn name(text: &str) -> InterfaceName {
    InterfaceName::new(text).unwrap()
}

fn veth(host: &str, container: &str) -> VethSpec {
    VethSpec {
        name: name(host),
        peer: name(container),
        mac: MacAddress([2, 0, 0, 0, 0, 7]),
        mtu: Some(1400),
        alias: format!("{MARK}net/end"),
        checksum_offload_off: true,
    }
}

fn soon() -> tokio::time::Instant {
    tokio::time::Instant::now() + Duration::from_secs(5)
}

#[test]
fn a_veth_is_made_as_asked_for() {
    let host = Namespace::new();
    host.sh("echo 1 >/proc/sys/net/ipv4/conf/default/forwarding");
    host.block_on(|| async {
        let links = Links::open().unwrap();
        links.add_veth(&veth("ove1", "ovc1")).await.unwrap();
        let (ours, theirs) =
            (links.get(&name("ove1")).await.unwrap().unwrap(), links.get(&name("ovc1")).await.unwrap().unwrap());
        assert!(ours.up && !theirs.up);
        assert_eq!((ours.mtu, theirs.mtu), (1400, 1400));
        assert_eq!(theirs.mac, Some(MacAddress([2, 0, 0, 0, 0, 7])));
        assert_eq!((ours.alias.as_str(), ours.kind.as_str()), ("docker-ovs/0123abcd/net/end", "veth"));
    });
    let features = host.sh("ethtool -k ovc1");
    assert!(features.contains("tx-checksumming: off"), "{features}");
    assert!(features.contains("rx-checksumming: on"), "{features}");
    host.sh("ip link set ovc1 up");
    assert_eq!(host.sh("ip -6 address show dev ove1"), "", "the host end has no link-local address");
    let forwarding = host.sh("cat /proc/sys/net/ipv4/conf/ov?1/forwarding");
    assert_eq!(forwarding.split_whitespace().collect::<Vec<_>>(), ["1", "0"], "the container's, the host's");
    host.sh("timeout 5 sh -c 'until grep -q 1 /proc/sys/net/ipv6/conf/ove1/disable_ipv6; do sleep 0.01; done'");
    assert!(host.sh("ip -d link show dev ove1").contains("addrgenmode none"));
}

#[test]
fn a_taken_name_is_said_and_its_owner_left_alone() {
    let host = Namespace::new();
    host.sh("ip link add ove1 type bridge && ip link add ovc2 type bridge");
    host.block_on(|| async {
        let links = Links::open().unwrap();
        for (ours, theirs) in [("ove1", "ovc1"), ("ove2", "ovc2")] {
            let error = links.add_veth(&veth(ours, theirs)).await.unwrap_err();
            assert!(error.is_exists() && !error.is_not_found(), "{error}");
        }
        let mut left: Vec<String> = links.list().await.unwrap().into_iter().map(|link| link.name).collect();
        left.sort();
        assert_eq!(left, ["lo", "ovc2", "ove1"]);
    });
}

#[test]
fn a_failure_leaves_no_half() {
    let host = Namespace::new();
    host.block_on(|| async {
        let links = Links::open().unwrap();
        let error = links.add_veth(&VethSpec { alias: "x".repeat(300), ..veth("ove1", "ovc1") }).await.unwrap_err();
        assert!(error.to_string().starts_with("cannot configure link ove1: "), "{error}");
        assert_eq!(links.list().await.unwrap().len(), 1);
    });
}

#[test]
fn an_internal_port_gets_its_addresses() {
    let host = Namespace::new();
    host.sh("ip link add ovh1 type bridge && ip link add ovh2 type bridge && ip address add 192.0.2.1/24 dev ovh1");
    host.block_on(|| async {
        let links = Links::open().unwrap();
        let nets = |nets: &[&str]| nets.iter().map(|net| net.parse().unwrap()).collect();
        let wanted =
            Configuration { addresses: nets(&["10.1.0.1/24", "fd00:1::1/64"]), mtu: Some(1400), ..Default::default() };
        assert!(links.difference(&name("ovh1"), &wanted).await.unwrap().unwrap().contains("down"));
        for _ in 0..2 {
            links.configure(&name("ovh1"), &wanted).await.unwrap();
            assert_eq!(links.difference(&name("ovh1"), &wanted).await.unwrap(), None);
        }
        let more = Configuration { addresses: nets(&["10.2.0.1/24"]), mtu: Some(1300), ..Default::default() };
        assert!(links.difference(&name("ovh1"), &more).await.unwrap().unwrap().contains("1400, not 1300"));
        let more = Configuration { mtu: None, ..more };
        assert!(links.difference(&name("ovh1"), &more).await.unwrap().unwrap().contains("10.2.0.1/24"));
        links.configure(&name("ovh2"), &more).await.unwrap();
        assert!(links.configure(&name("ovh3"), &more).await.unwrap_err().is_not_found());
    });
    let shown = host.sh("ip -o address show dev ovh1");
    assert!(shown.contains("192.0.2.1/24") && shown.contains("10.1.0.1/24"), "{shown}");
    // The kernel's own link-local address beside it may still be tentative.
    let six = shown.lines().find(|line| line.contains("fd00:1::1/64")).unwrap_or_default();
    assert!(six.contains("nodad") && !six.contains("tentative"), "{shown}");
    assert!(!host.sh("ip -o address show dev ovh2").contains("inet6"));
    assert_eq!(host.sh("cat /proc/sys/net/ipv6/conf/ovh1/accept_ra").trim(), "0");
}

#[test]
fn an_interface_is_awaited() {
    let host = Namespace::new();
    host.block_on(|| async {
        let links = Links::open().unwrap();
        let (port, other) = (name("ovc1"), links.clone());
        let waiting = tokio::spawn(async move { other.wait_for(&port, soon()).await });
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!waiting.is_finished());
        links.add_veth(&veth("ove1", "ovc1")).await.unwrap();
        assert_eq!(waiting.await.unwrap().unwrap().name, "ovc1");
        let short = tokio::time::Instant::now() + Duration::from_millis(30);
        assert!(links.wait_for(&name("nope"), short).await.unwrap_err().is_not_found());
    });
}

#[test]
fn links_that_go_are_told() {
    let host = Namespace::new();
    host.block_on(|| async {
        let links = Links::open().unwrap();
        let mut watch = links.watch().unwrap();
        links.add_veth(&veth("ove1", "ovc1")).await.unwrap();
        links.delete(&name("ove1")).await.unwrap();
        links.delete(&name("ove1")).await.unwrap();
        let mut gone = Vec::new();
        while gone.len() < 2 {
            match tokio::time::timeout(Duration::from_secs(5), watch.next()).await.unwrap().unwrap() {
                LinkEvent::Gone(name) => gone.push(name),
                LinkEvent::Lost => panic!("nothing is lost here"),
            }
        }
        gone.sort();
        assert_eq!(gone, ["ovc1", "ove1"]);
    });
}

#[test]
fn a_hundred_links_go_together_and_nobody_elses() {
    let host = Namespace::new();
    host.sh("ip link add ove900 type bridge && ip link set ove900 alias mine");
    host.block_on(|| async {
        let links = Links::open().unwrap();
        let before = Instant::now();
        for index in 0..100 {
            links.add_veth(&veth(&format!("ove{index}"), &format!("ovc{index}"))).await.unwrap();
        }
        println!("100 links made in {:?}", before.elapsed());
        assert_eq!(links.list().await.unwrap().len(), 202);
        let reaper = Reaper::start(links.clone(), MARK.to_owned());
        let before = Instant::now();
        for index in 0..100 {
            reaper.reap(name(&format!("ove{index}")));
        }
        reaper.reap(name("ove900"));
        reaper.reap(name("unknown"));
        assert!(before.elapsed() < Duration::from_millis(5), "asking does not wait");
        tokio::time::timeout(Duration::from_secs(20), reaper.idle()).await.unwrap();
        assert_eq!(reaper.pending(), 0);
        println!("100 links gone after {:?}", before.elapsed());
        assert!(before.elapsed() < Duration::from_millis(1000), "one by one they take 1700 ms");
        let mut left: Vec<String> = links.list().await.unwrap().into_iter().map(|link| link.name).collect();
        left.sort();
        assert_eq!(left, ["lo", "ove900"]);
    });
}

#[test]
fn a_list_is_whole_while_links_come_and_go() {
    let host = Namespace::new();
    host.block_on(|| async {
        let links = Links::open().unwrap();
        for index in 0..40 {
            links.add_veth(&veth(&format!("stay{index}"), &format!("peer{index}"))).await.unwrap();
        }
        let (others, reaper) = (links.clone(), Reaper::start(links.clone(), MARK.to_owned()));
        let churn = tokio::spawn(async move {
            for index in 0..60 {
                others.add_veth(&veth(&format!("ove{index}"), &format!("ovc{index}"))).await.unwrap();
                reaper.reap(name(&format!("ove{index}")));
            }
            reaper.idle().await;
        });
        while !churn.is_finished() {
            let there = links.list().await.unwrap();
            assert_eq!(there.iter().filter(|link| link.name.starts_with("stay")).count(), 40);
        }
        churn.await.unwrap();
        assert_eq!(links.list().await.unwrap().len(), 81);
    });
}

#[test]
fn facts_tell_what_the_guard_wants_to_know() {
    let (host, elsewhere) = (Namespace::new(), Namespace::new());
    host.sh("ip link add eth1 type veth peer name wire && ip link property add dev eth1 altname lan0 &&
        ip link add br0 type bridge && ip link add eth2 type veth peer name wire2 && ip link set eth2 master br0 &&
        ip link add link eth1 name over1 type macvlan && ip link set eth1 up && ip link set wire up &&
        ip address add 192.0.2.1/24 dev eth1 && ip address add 169.254.3.4/16 dev br0 && ip link set br0 up &&
        ip route add default via 192.0.2.254 && ip link add eth3 type veth peer name eth4");
    host.sh(&format!("ip link set eth4 netns {}", elsewhere.id()));
    let (found, datapath) = host.block_on(|| async {
        let links = Links::open().unwrap();
        (links.host_interfaces().await.unwrap(), links.kernel_datapath().await.unwrap())
    });
    let get = |name: &str| found.iter().find(|link| link.name == name).unwrap();
    let eth1 = get("eth1");
    assert_eq!(eth1.alternatives, ["lan0"]);
    assert!(eth1.addressed && eth1.default_route && !eth1.ours);
    assert_eq!((get("br0").kind.as_str(), get("br0").addressed, get("br0").default_route), ("bridge", false, false));
    assert_eq!(get("eth2").master, Some(get("br0").index));
    assert_eq!((get("over1").parent, get("over1").kind.as_str()), (Some(eth1.index), "macvlan"));
    assert_eq!(get("eth3").parent, None, "its other end is elsewhere");
    assert_eq!(datapath, std::path::Path::new("/sys/module/openvswitch").exists());
}

#[test]
fn a_route_never_takes_the_place_of_another() {
    let host = Namespace::new();
    host.sh("ip link add lan type veth peer name foot && ip link set lan up && ip link set foot up \
         && ip address add 10.1.0.7/24 dev lan && ip address add 10.9.0.1/24 dev foot");
    let to = |destination: &str| plan::RouteVia {
        destination: destination.parse().unwrap(),
        next_hop: "10.9.0.2".parse().unwrap(),
    };
    host.block_on(move || async move {
        let (links, foot) = (Links::open().unwrap(), name("foot"));
        assert!(links.add_route(&foot, &to("10.2.0.0/16")).await.unwrap());
        assert!(!links.add_route(&foot, &to("10.2.0.0/16")).await.unwrap(), "it was there");
        let error = links.add_route(&foot, &to("10.1.0.0/24")).await.unwrap_err();
        assert!(error.to_string().starts_with("this host reaches 10.1.0.0/24 by lan, "), "{error}");
        links.delete_route(&foot, &to("10.1.0.0/24")).await.unwrap();
    });
    assert!(host.sh("ip route show 10.1.0.0/24").starts_with("10.1.0.0/24 dev lan proto kernel"));
    assert!(host.sh("ip route show 10.2.0.0/16").starts_with("10.2.0.0/16 via 10.9.0.2 dev foot"));
}
