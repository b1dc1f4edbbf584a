//! Routes of ours beside those that the host has.

use plan::{Action, AdmittedStep, HostPort, RouteVia, StaticRoute};

use super::host::{Host, found, host_port, is_fine, label, network, on_host, own_bridge, rule_step, soon};
use crate::{Condition, Dataplane, Work};

/// A link of the host's own, with addresses of a LAN.
fn with_lan(test: impl AsyncFnOnce(&mut Host) + Send + 'static) {
    on_host(async |host| {
        host.sh("ip link add lan type veth peer name wire && ip link set wire up && ip link set lan up \
             && ip address add 10.1.0.7/24 dev lan && ip address add fd01::7/64 dev lan nodad");
        host.until("the LAN's routes", || host.sh("ip -6 route show fd01::/64").contains("metric 256")).await;
        test(host).await;
    });
}

fn route(at: &str, destination: &str, next_hop: &str) -> AdmittedStep {
    let route = RouteVia { destination: destination.parse().unwrap(), next_hop: next_hop.parse().unwrap() };
    rule_step(at, Action::StaticRoute(StaticRoute { router: label("host"), route }))
}

fn to(at: &str, destination: &str) -> AdmittedStep {
    route(at, destination, if destination.contains(':') { "fd09::2" } else { "10.9.0.2" })
}

/// A port of the host with routes.
fn routed(routes: Vec<AdmittedStep>) -> Work {
    let mut foot = host_port("ovh9", "10.9.0.1/24");
    if let Action::HostPort(HostPort { addresses, .. }) = &mut foot.action {
        addresses.push("fd09::1/64".parse().unwrap());
    }
    network("net", [vec![own_bridge("ovb9"), foot], routes].concat())
}

fn routes(host: &Host) -> String {
    host.sh("ip route; ip -6 route")
}

#[test]
fn where_the_host_has_a_way_of_its_own_nothing_is_made() {
    with_lan(async |host| {
        host.sh("ip route add default via 10.1.0.1 && ip route add 0.0.0.0/1 via 10.1.0.1 && ip route add blackhole \
             10.4.0.0/16 && ip route add 10.3.0.0/16 via 10.1.0.1 && ip address add 10.6.0.1/32 dev lo && ip route add \
             10.7.0.0/16 dev lan && ip route add 10.8.0.0/16 nexthop via 10.1.0.1 nexthop dev lan");
        let plumbing = host.plumbing().await;
        let before = (host.traces(), routes(host));
        for (destination, there) in [
            ("10.1.0.0/24", "10.1.0.0/24 by lan"),
            ("10.1.0.0/16", "10.1.0.0/24 by lan"),
            ("10.1.0.64/26", "10.1.0.0/24 by lan"),
            ("10.3.0.0/16", "10.3.0.0/16 by lan"),
            ("10.2.0.0/15", "10.3.0.0/16 by lan"),
            ("10.7.1.0/24", "10.7.0.0/16 by lan"),
            ("10.8.1.0/24", "10.8.0.0/16 by lan"),
            ("10.4.0.0/16", "10.4.0.0/16 by a route without a link"),
            ("10.6.0.0/16", "10.6.0.1/32 by lo"),
            ("fd01::/64", "fd01::/64 by lan"),
            ("fd01::/48", "fd01::/64 by lan"),
            ("fd01::8:0/112", "fd01::/64 by lan"),
        ] {
            let error = plumbing.perform(&routed(vec![to("way", destination)]), soon()).await.unwrap_err();
            assert!(error.to_string().starts_with(&format!("this host reaches {there}, ")), "{destination}: {error}");
            assert_eq!((host.traces(), routes(host)), before, "{destination}");
        }
        let net = routed(vec![to("way", "10.2.0.0/16"), to("way6", "fd02::/64")]);
        plumbing.perform(&net, soon()).await.unwrap();
        plumbing.perform(&net, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await, "{:?}", found(&plumbing, &net).await);
        let more = routed(vec![to("way", "10.2.0.0/16"), to("more", "10.1.0.0/16")]);
        let error = plumbing.change(&net, &more, soon()).await.unwrap_err();
        assert!(error.to_string().contains("10.1.0.0/24 by lan"), "{error}");
        host.sh("ip route add 10.0.0.0/14 dev lan");
        plumbing.perform(&net, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await, "what stands is not refused for what came later");
        host.sh("ip route delete 10.0.0.0/14");
        plumbing.undo(&net, soon()).await.unwrap();
        plumbing.drain(soon()).await.unwrap();
        host.until("all is as before", || (host.traces(), routes(host)) == before).await;
    });
}

#[test]
fn in_a_wider_way_by_a_gateway_or_to_nowhere_a_longer_route_is_made() {
    with_lan(async |host| {
        host.sh("ip route add 10.3.0.0/16 via 10.1.0.1 && ip route add 10.4.0.0/16 nexthop via 10.1.0.1 nexthop via \
             10.1.0.2 && ip route add 10.5.0.0/16 via inet6 fd01::1 dev lan && ip route add blackhole 10.6.0.0/16 && \
             ip route add unreachable 10.7.0.0/16 && ip route add fd03::/16 via fd01::1 && ip route add unreachable \
             fd04::/32");
        let plumbing = host.plumbing().await;
        let before = routes(host);
        let longer =
            ["10.3.1.0/24", "10.4.1.0/24", "10.5.1.0/24", "10.6.1.0/24", "10.7.1.0/24", "fd03::/64", "fd04::/64"];
        let steps = longer.iter().enumerate().map(|(at, longer)| to(&format!("way{at}"), longer));
        let net = routed(steps.collect());
        plumbing.perform(&net, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await, "{:?}", found(&plumbing, &net).await);
        for address in ["10.3.1.2", "10.4.1.2", "10.5.1.2", "10.6.1.2", "10.7.1.2", "fd03::2", "fd04::2"] {
            let way = host.sh(&format!("ip route get {address}"));
            assert!(way.contains("dev ovh9"), "{way}");
        }
        plumbing.undo(&net, soon()).await.unwrap();
        plumbing.drain(soon()).await.unwrap();
        host.until("the host's own are as before", || routes(host) == before).await;
    });
}

#[test]
fn a_route_in_the_place_of_ours_is_told_and_left_to_who_made_it() {
    with_lan(async |host| {
        let plumbing = host.plumbing().await;
        let net = routed(vec![to("way", "10.2.0.0/16"), to("way6", "fd02::/64")]);
        plumbing.perform(&net, soon()).await.unwrap();
        let theirs = "10.2.0.0/16 via 10.1.0.1 dev lan";
        // In IPv6 both stand, and the connected one is what the kernel takes.
        host.sh(&format!("ip route replace {theirs} && ip address add fd02::7/64 dev lan nodad"));
        host.until("their route", || host.sh("ip -6 route show fd02::/64").contains("metric 256")).await;
        let before = routes(host);
        let told = found(&plumbing, &net).await;
        for (told, words) in told[2..].iter().zip(["10.2.0.0/16 by lan", "fd02::/64 by lan"]) {
            assert!(matches!(told, Condition::Different(how) if how.contains(words)), "{told:?}");
        }
        let error = plumbing.repair(&net, soon()).await.unwrap_err();
        assert!(error.to_string().starts_with("this host reaches 10.2.0.0/16 by lan"), "{error}");
        assert_eq!(routes(host), before, "nobody fights over it");

        host.sh("ip route delete 10.2.0.0/16 && ip address delete fd02::7/64 dev lan");
        plumbing.repair(&net, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await, "{:?}", found(&plumbing, &net).await);
        host.sh(&format!("ip route replace {theirs}"));
        plumbing.undo(&net, soon()).await.unwrap();
        assert_eq!(host.sh("ip route show 10.2.0.0/16").trim_end(), theirs);
    });
}

#[test]
fn what_failed_leaves_no_route_on_a_port_that_stays() {
    with_lan(async |host| {
        let plumbing = host.plumbing().await;
        let net = routed(Vec::new());
        plumbing.perform(&net, soon()).await.unwrap();
        let before = routes(host);
        let steps = vec![to("way", "10.2.0.0/16"), route("lost", "10.3.0.0/16", "10.200.0.1")];
        let other = Work { steps, scope: net.steps.clone(), ..network("other", Vec::new()) };
        let error = plumbing.perform(&other, soon()).await.unwrap_err();
        assert!(error.to_string().contains("cannot add a route through link ovh9"), "{error}");
        assert_eq!(routes(host), before);
        plumbing.undo(&net, soon()).await.unwrap();
    });
}
