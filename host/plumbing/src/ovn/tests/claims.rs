//! What one row many claim, one after the other.

use super::northbound::{Northbound, Station, container, ids, label, nets, port, routed, soon, switch};
use crate::Error;
use crate::ovn::drift::Drift;
use crate::ovn::row::{self, Router, Switch};
use crate::{Event, ovn::difference::RowState};

const SUBNET: &str = "10.1.0.0/16";
const GATEWAY: &str = "10.1.0.1/16";

#[tokio::test]
async fn the_last_to_go_takes_the_rows() {
    let server = Northbound::start();
    let before = server.contents();
    let (one, two) = (Station::new(&[&server], 1), Station::new(&[&server], 2));
    let rows = routed(SUBNET, GATEWAY);
    assert_eq!(one.make(&rows).await.unwrap().len(), 4, "a switch, a router, both ends of what joins them");
    assert_eq!(one.make(&rows).await.unwrap(), [], "again is nothing");
    assert_eq!(two.make(&rows).await.unwrap().len(), 4, "claimed");
    assert_eq!(server.nbctl("--bare --columns=name find Logical_Switch"), "docker-ovs-default-10.1.0.0/16");
    let ids = server.nbctl("--bare --columns=external_ids find Logical_Switch");
    assert!(ids.contains("docker-ovs-claim/00000001/net") && ids.contains("host1 (id1)"), "{ids}");
    one.remove(&rows).await.unwrap();
    one.remove(&rows).await.unwrap();
    assert_eq!(server.nbctl("--bare --columns=name find Logical_Router"), "docker-ovs-default");
    two.remove(&rows).await.unwrap();
    assert_eq!(server.contents(), before);
}

#[tokio::test]
async fn another_gateway_for_the_same_subnet_is_refused_while_others_have_one() {
    let server = Northbound::start();
    let (one, two) = (Station::new(&[&server], 1), Station::new(&[&server], 2));
    one.make(&routed(SUBNET, GATEWAY)).await.unwrap();
    let error = two.make(&routed(SUBNET, "10.1.0.254/16")).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "router port docker-ovs-default-to-default-10.1.0.0/16 is there with 10.1.0.1/16, not 10.1.0.254/16, for network \
         net on host1 (id1): say the same here, or use another VRF"
    );
    assert!(!server.contents().contains("00000002"), "nothing of it was done");
    one.make(&routed(SUBNET, "10.1.0.254/16")).await.unwrap();
    assert_eq!(
        server.nbctl("--bare --columns=networks find Logical_Router_Port"),
        "10.1.0.254/16",
        "its own it may change"
    );
}

#[tokio::test]
async fn a_router_is_on_one_switch_of_a_subnet_whoever_comes_second() {
    let server = Northbound::start();
    let (one, two) = (Station::new(&[&server], 1), Station::new(&[&server], 2));
    let rows = routed(SUBNET, GATEWAY);
    one.make(&rows).await.unwrap();
    let before = server.contents();
    let (both, router) = (Switch::of("default", &nets(&[SUBNET, "fd00::/64"]), None), Router::of("default"));
    let mut dual = vec![row::logical_switch(&label("switch"), &both), rows[1].clone()];
    dual.extend(row::router_port(&label("gateway"), &router, &both, &nets(&[GATEWAY, "fd00::1/64"]), &[]));
    let error = two.make(&dual).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "router port docker-ovs-default-to-default-10.1.0.0/16,fd00::/64 in 10.1.0.0/16 would overlap \
         docker-ovs-default-to-default-10.1.0.0/16 in 10.1.0.0/16, which network net on host1 (id1) has: networks of one \
         VRF are on one switch when all their subnets are the same, of both families; say the same here, or use other \
         subnets, or another VRF"
    );
    for (subnet, gateway) in [("10.1.7.0/24", "10.1.7.1/24"), ("10.0.0.0/8", "10.0.0.1/8")] {
        let error = two.make(&routed(subnet, gateway)).await.unwrap_err();
        assert!(matches!(&error, Error::SubnetTaken { subnet: ours, .. } if ours.to_string() == subnet), "{error}");
    }
    assert_eq!(server.contents(), before, "nothing of it was done");
    one.remove(&rows).await.unwrap();
    two.make(&routed("10.0.0.0/8", "10.0.0.1/8")).await.unwrap();
}

#[tokio::test]
async fn hosts_that_come_at_once_get_one_switch_of_a_subnet_or_are_refused() {
    let server = Northbound::start();
    let (one, two) = (Station::new(&[&server], 1), Station::new(&[&server], 2));
    let (small, large) = (routed("10.1.7.0/24", "10.1.7.1/24"), routed(SUBNET, GATEWAY));
    let other = routed("10.2.0.0/16", "10.2.0.1/16");
    one.network("other").make(&other).await.unwrap();
    for _ in 0..20 {
        let (made, refused) = tokio::join!(one.make(&small), two.make(&large));
        assert!(made.is_ok() != refused.is_ok(), "{made:?} {refused:?}");
        one.remove(&small).await.unwrap();
        two.remove(&large).await.unwrap();
    }
}

#[tokio::test]
async fn a_router_has_one_way_to_a_subnet_whoever_says_it() {
    let server = Northbound::start();
    let (one, two) = (Station::new(&[&server], 1), Station::new(&[&server], 2));
    let through = |next_hop: &str, external: &str| {
        let router = Router::of("default");
        let route = row::static_route(&label("out"), &router, nets(&["0.0.0.0/0"])[0], next_hop.parse().unwrap());
        let hidden = row::logical_nat(&label("nat"), &router, external.parse().unwrap(), &nets(&[SUBNET, "fd00::/64"]));
        (vec![row::logical_router(&label("router"), &router), route], hidden)
    };
    let (route, hidden) = through("100.64.0.2", "192.0.2.1");
    assert_eq!(hidden.len(), 1, "of one family");
    let all = [route, hidden].concat();
    one.make(&all).await.unwrap();
    two.make(&all).await.unwrap();
    let (route, hidden) = through("100.64.0.6", "192.0.2.9");
    for other in [route, [&all[..1], &hidden].concat()] {
        let error = two.make(&other).await.unwrap_err();
        assert!(matches!(&error, Error::SaidDifferently { .. }), "{error}");
    }
    one.remove(&all).await.unwrap();
    assert!(server.nbctl("lr-route-list docker-ovs-default").contains("100.64.0.2"));
    assert!(server.nbctl("lr-nat-list docker-ovs-default").contains("192.0.2.1"));
    two.remove(&all).await.unwrap();
    assert_eq!(server.nbctl("--bare --columns=_uuid list NAT"), "");
}

#[tokio::test]
async fn what_strangers_put_on_a_switch_keeps_it() {
    let server = Northbound::start();
    let before = server.contents();
    let one = Station::new(&[&server], 1);
    let rows = routed(SUBNET, GATEWAY);
    one.make(&rows).await.unwrap();
    server.nbctl("lsp-add docker-ovs-default-10.1.0.0/16 theirs");
    let error = one.remove(&rows).await.unwrap_err();
    assert!(
        matches!(&error, Error::RowInUse { what, .. } if what.contains("docker-ovs-default-10.1.0.0/16")),
        "{error}"
    );
    assert_eq!(server.nbctl("--bare --columns=name find Logical_Switch_Port"), "theirs", "all else is gone");
    server.nbctl("lsp-del theirs");
    one.remove(&rows).await.unwrap();
    assert_eq!(server.contents(), before);
}

#[tokio::test]
async fn a_named_switch_is_used_and_left() {
    let server = Northbound::start();
    let one = Station::new(&[&server], 1);
    let named = Switch::of("default", &nets(&[SUBNET]), Some("theirs"));
    let rows = [row::logical_switch(&label("switch"), &named)];
    let error = one.make(&rows).await.unwrap_err();
    assert!(error.to_string().contains("ovn-nbctl ls-add theirs"), "{error}");
    server.nbctl("ls-add theirs");
    let before = server.contents();
    // The copy follows a moment behind other programs.
    one.session.watch(|view| view.named_switch("theirs").ok(), soon()).await.unwrap();
    one.make(&rows).await.unwrap();
    assert_eq!(server.contents(), before, "nothing is written on it");
    let end = one.endpoint("end");
    let port = port(&end, &named, 2);
    end.make(std::slice::from_ref(&port)).await.unwrap();
    assert_eq!(server.nbctl("lsp-get-port-security end"), "02:00:00:00:00:02 10.1.0.2");
    end.remove(&[port]).await.unwrap();
    one.remove(&rows).await.unwrap();
    assert_eq!(server.contents(), before);
    server.nbctl("--add-duplicate ls-add theirs");
    let twice = |view: &crate::ovn::View| view.named_switch("theirs").err();
    let error = one.session.watch(twice, soon()).await.unwrap();
    assert!(matches!(error, Error::SwitchesAlike { count: 2, .. }), "{error}");
}

#[tokio::test]
async fn what_others_change_is_told_found_and_corrected() {
    let mut server = Northbound::start();
    let (one, two) = (Station::new(&[&server], 1), Station::new(&[&server], 2));
    let rows = routed(SUBNET, GATEWAY);
    one.make(&rows).await.unwrap();
    let mut drift = Drift::new(&one.session, one.who.mark.instance.clone());
    two.make(&rows).await.unwrap();
    let end = one.endpoint("end");
    let port = port(&end, &switch(SUBNET), 2);
    end.make(std::slice::from_ref(&port)).await.unwrap();
    two.remove(&rows).await.unwrap();

    server.nbctl("lsp-set-addresses end unknown");
    let gone = |endpoint: Option<&str>| Event::RowGone {
        network: one.who.mark.network.clone(),
        endpoint: endpoint.map(|id| plan::EndpointId::new(id).unwrap()),
    };
    let mut told = Vec::new();
    while told.is_empty() {
        told = drift.next().await.unwrap();
    }
    assert_eq!(told, [gone(Some("end"))], "what others claim, or we make, is no event");
    let view = one.session.now();
    let state = RowState::of(&port, &end.who.mark, &view).unwrap();
    assert_eq!(
        state,
        RowState::Different("somebody changed addresses of port end of docker-ovs-default-10.1.0.0/16".into())
    );
    end.make(std::slice::from_ref(&port)).await.unwrap();
    assert_eq!(server.nbctl("lsp-get-addresses end"), "02:00:00:00:00:02 10.1.0.2");

    server.nbctl("lr-del docker-ovs-default");
    told.clear();
    while told.iter().filter(|event| **event == gone(None)).count() < 2 {
        told.extend(drift.next().await.unwrap());
    }
    assert_eq!(told.len(), 3, "the router, its port, and what was corrected: {told:?}");
    one.make(&rows).await.unwrap();
    assert_eq!(server.nbctl("--bare --columns=networks find Logical_Router_Port"), GATEWAY);
    end.remove(&[port]).await.unwrap();
    one.remove(&rows).await.unwrap();
    server.kill();
    let mut rest = Vec::new();
    while !rest.contains(&Event::NorthboundDown) {
        rest.extend(drift.next().await.unwrap());
    }
    assert_eq!(rest, [Event::NorthboundDown], "what we make and remove ourselves is no event");
}

#[tokio::test]
async fn what_a_network_had_is_not_taken_back_with_what_corrected_it() {
    let server = Northbound::start();
    let one = Station::new(&[&server], 1);
    let rows = routed(SUBNET, GATEWAY);
    one.make(&rows).await.unwrap();
    server.nbctl("set Logical_Switch docker-ovs-default-10.1.0.0/16 name=other");
    server.nbctl("lr-del docker-ovs-default");
    let changed = |view: &crate::ovn::View| {
        let state = |row: &row::RowSpec| RowState::of(row, &one.who.mark, view).ok();
        (matches!(state(&rows[0]), Some(RowState::Different(_))) && state(&rows[1]) == Some(RowState::Missing))
            .then_some(())
    };
    one.session.watch(changed, soon()).await.unwrap();
    let made = one.make(&rows).await.unwrap();
    assert_eq!(server.nbctl("--bare --columns=name list Logical_Switch"), "docker-ovs-default-10.1.0.0/16");
    assert_eq!(made, ids(&rows[1..3]), "the switch, and its end, which it had all along, are not made now");
}

#[tokio::test]
async fn a_published_port_is_whose_was_first() {
    let server = Northbound::start();
    let (one, two) = (Station::new(&[&server], 1), Station::new(&[&server], 2));
    let rows = routed(SUBNET, GATEWAY);
    one.make(&rows).await.unwrap();
    two.make(&rows).await.unwrap();
    let published = |target: &str| {
        let from = ("192.0.2.1".parse().unwrap(), 80);
        let to = (target.parse().unwrap(), 8080);
        row::load_balancer(&label("web"), &Router::of("default"), plan::Protocol::Tcp, from, to)
    };
    let (first, second) = (one.endpoint("first"), two.endpoint("second"));
    first.make(&[published("10.1.0.2")]).await.unwrap();
    for late in [&second, &one.endpoint("third")] {
        let error = late.make(&[published("10.1.0.3")]).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "load balancer docker-ovs-default-192.0.2.1:80-tcp belongs to endpoint first on host1 (id1): it is left as it is"
        );
        late.remove(&[published("10.1.0.3")]).await.unwrap();
        assert!(server.nbctl("lr-lb-list docker-ovs-default").contains("10.1.0.2:8080"));
    }
    first.remove(&[published("10.1.0.2")]).await.unwrap();
    second.make(&[published("10.1.0.3")]).await.unwrap();
    assert!(server.nbctl("lr-lb-list docker-ovs-default").contains("10.1.0.3:8080"));
}

#[tokio::test]
async fn what_a_host_had_that_is_gone_is_let_go_and_nothing_else() {
    let server = Northbound::start();
    let before = server.contents();
    let (here, gone) = (Station::new(&[&server], 1), Station::new(&[&server], 2));
    let (rows, other) = (routed(SUBNET, GATEWAY), routed("10.2.0.0/16", "10.2.0.1/16"));
    here.make(&rows).await.unwrap();
    let end = here.endpoint("end");
    end.make(&[port(&end, &switch(SUBNET), 2)]).await.unwrap();
    let kept = server.contents();
    gone.make(&rows).await.unwrap();
    gone.network("other").make(&other).await.unwrap();
    let lost = gone.endpoint("lost");
    lost.make(&[port(&lost, &switch(SUBNET), 3)]).await.unwrap();
    let own = &here.who.mark.instance;
    let holdings = here.session.holdings(own, soon()).await.unwrap();
    let counts: Vec<_> = holdings.iter().map(|it| (it.own, it.networks.len(), it.rows, it.ports)).collect();
    assert_eq!(counts, [(true, 1, 4, 1), (false, 2, 8, 1)], "{holdings:?}");
    assert_eq!(here.session.reclaim(own, own, soon()).await.unwrap(), [], "its own a driver never takes");
    assert_eq!(here.session.reclaim("host2", own, soon()).await.unwrap(), [], "a host may have several drivers");
    for had in [1, 0] {
        let reclaimed = here.session.reclaim(&gone.who.mark.instance, own, soon()).await.unwrap();
        assert_eq!(reclaimed.len(), had, "once");
    }
    assert_eq!(server.contents(), kept);
    end.remove(&[port(&end, &switch(SUBNET), 2)]).await.unwrap();
    here.remove(&rows).await.unwrap();
    assert_eq!(server.contents(), before);
}

#[tokio::test]
async fn what_containers_of_a_lost_host_had_goes_with_their_ports_and_nobody_elses_rule_does() {
    let server = Northbound::start();
    let before = server.contents();
    let (here, gone) = (Station::new(&[&server], 1), Station::new(&[&server], 2));
    let end = here.endpoint("end");
    let (rows, ours) = (filtered(), container(&end, &switch(SUBNET), 2));
    here.make(&rows).await.unwrap();
    end.make(&ours).await.unwrap();
    server.nbctl("acl-add docker-ovs-default-10.1.0.0/16 from-lport 5 ip4 drop");
    let kept = server.contents();
    with_container(&gone).await;
    let of_one = |own| (own, 1, 5 + 4, 1);
    assert_eq!(reclaimed(&here, &gone).await, [of_one(true), of_one(false)]);
    assert_eq!(server.contents(), kept);
    server.nbctl("acl-del docker-ovs-default-10.1.0.0/16 from-lport 5 ip4");
    end.remove(&ours).await.unwrap();
    here.remove(&rows).await.unwrap();
    assert_eq!(server.contents(), before);
}

#[tokio::test]
async fn what_containers_of_a_lost_host_had_keeps_no_switch_that_nobody_else_has() {
    let server = Northbound::start();
    let before = server.contents();
    let (here, gone) = (Station::new(&[&server], 1), Station::new(&[&server], 2));
    with_container(&gone).await;
    assert_eq!(reclaimed(&here, &gone).await, [(false, 1, 5 + 4, 1)]);
    assert_eq!(server.contents(), before);
}

/// A routed network with a rule of its mode.
fn filtered() -> Vec<row::RowSpec> {
    let packets = row::Packets { sources: &[], destinations: &[], protocol: None, port: None };
    let rule = row::acl(&label("rule"), &switch(SUBNET), 1000, packets, "drop");
    routed(SUBNET, GATEWAY).into_iter().chain([rule]).collect()
}

/// Makes that network on a host, with a container: a rule, two rates and a published port beside its port.
async fn with_container(host: &Station) {
    host.make(&filtered()).await.unwrap();
    let end = host.endpoint("lost");
    end.make(&container(&end, &switch(SUBNET), 3)).await.unwrap();
}

/// Reclaims what a host had; what each driver had before that: whether it is the one that was asked, its networks, rows and
/// ports.
async fn reclaimed(here: &Station, gone: &Station) -> Vec<(bool, usize, usize, usize)> {
    let own = &here.who.mark.instance;
    let holdings = here.session.holdings(own, soon()).await.unwrap();
    here.session.reclaim(&gone.who.mark.instance, own, soon()).await.unwrap();
    holdings.iter().map(|it| (it.own, it.networks.len(), it.rows, it.ports)).collect()
}

/// As a driver left it that knew no better, or an operator who removed the port.
#[tokio::test]
async fn what_is_all_that_is_left_of_a_lost_host_is_shown_and_goes() {
    let server = Northbound::start();
    let before = server.contents();
    let (here, gone) = (Station::new(&[&server], 1), Station::new(&[&server], 2));
    let rows = routed(SUBNET, GATEWAY);
    here.make(&rows).await.unwrap();
    gone.make(&rows).await.unwrap();
    let lost = gone.endpoint("lost");
    lost.make(&container(&lost, &switch(SUBNET), 3)).await.unwrap();
    let switch = "docker-ovs-default-10.1.0.0/16";
    server.nbctl(&format!("lsp-del lost -- qos-del {switch} -- lb-del docker-ovs-default-192.0.2.1:8003-tcp"));
    gone.remove(&rows).await.unwrap();
    let own = &here.who.mark.instance;
    let holdings = here.session.holdings(own, soon()).await.unwrap();
    let [_, left] = &holdings[..] else { panic!("two drivers: {holdings:?}") };
    assert_eq!((&*left.host, left.rows, left.ports), ("host2 (id2)", 1, 0));
    assert!(matches!(here.remove(&rows).await.unwrap_err(), Error::RowInUse { .. }), "not its own to take");
    here.session.reclaim(&left.instance, own, soon()).await.unwrap();
    here.remove(&rows).await.unwrap();
    assert_eq!(server.contents(), before);
}

#[tokio::test]
async fn what_keeps_one_network_of_a_lost_host_keeps_no_other() {
    let server = Northbound::start();
    let (here, gone) = (Station::new(&[&server], 1), Station::new(&[&server], 2));
    gone.make(&routed(SUBNET, GATEWAY)).await.unwrap();
    gone.network("other").make(&routed("10.2.0.0/16", "10.2.0.1/16")).await.unwrap();
    server.nbctl("lsp-add docker-ovs-default-10.1.0.0/16 theirs");
    let own = &here.who.mark.instance;
    let error = here.session.reclaim(&gone.who.mark.instance, own, soon()).await.unwrap_err();
    assert!(matches!(error, Error::RowInUse { .. }), "{error}");
    assert_eq!(server.nbctl("--bare --columns=name find Logical_Switch"), "docker-ovs-default-10.1.0.0/16");
    server.nbctl("lsp-del theirs");
    here.session.reclaim(&gone.who.mark.instance, own, soon()).await.unwrap();
    assert_eq!(server.nbctl("--bare --columns=name find Logical_Switch"), "");
}

#[tokio::test]
async fn all_of_a_network_is_found_without_its_plan() {
    let server = Northbound::start();
    let before = server.contents();
    let one = Station::new(&[&server], 1);
    let rows = routed(SUBNET, GATEWAY);
    one.make(&rows).await.unwrap();
    one.network("other").make(&routed("10.2.0.0/16", "10.2.0.1/16")).await.unwrap();
    let end = one.endpoint("end");
    end.make(&[port(&end, &switch(SUBNET), 2)]).await.unwrap();
    let marks = one.session.now().marks_of(&one.who.mark.instance);
    assert_eq!(marks.len(), 3, "{marks:?}");
    for mark in marks {
        let rows = one.session.now().rows_of(&mark);
        one.session.remove(&rows, &mark, soon()).await.unwrap();
    }
    assert_eq!(server.contents(), before);
}
