//! Plans on logical networks, with OVN itself.

use std::time::Duration;

use plan::{
    Acl, Action, AdmittedStep, Attachment, EndpointPort, HostPort, LogicalRouter, LogicalSwitch, MacAddress, RouteVia,
    RouterPort, StaticRoute, Verdict,
};
use tokio::time::Instant;

use super::central::{Central, nbctl};
use super::host::{Host, becomes, endpoint, found, is_fine, label, name, network, on_host, rule_step, soon};
use crate::{Condition, Dataplane, Error, Event, Marked, MarkedKind, Work};

const SUBNET: &str = "10.1.0.0/16";

/// Runs a test on a host that is a chassis of OVN.
pub(super) fn on_chassis(test: impl AsyncFnOnce(&mut Host, &mut Central) + Send + 'static) {
    on_host(async |host| {
        let mut central = Central::start(&host.switch);
        test(host, &mut central).await;
    });
}

pub(super) fn switch(subnet: &str) -> AdmittedStep {
    let subnets = vec![subnet.parse().unwrap()];
    rule_step("switch", Action::LogicalSwitch(LogicalSwitch { vrf: "default".to_owned(), subnets, name: None }))
}

pub(super) fn router() -> AdmittedStep {
    rule_step("router", Action::LogicalRouter(LogicalRouter { vrf: "default".to_owned() }))
}

pub(super) fn gateway(address: &str) -> AdmittedStep {
    let addresses = vec![address.parse().unwrap()];
    let port = RouterPort { router: label("router"), switch: label("switch"), addresses, chassis: Vec::new() };
    rule_step("gateway", Action::RouterPort(port))
}

pub(super) fn on_switch() -> Attachment {
    Attachment::LogicalSwitch(label("switch"))
}

/// A container's port, `ove` and a number.
pub(super) fn port(number: u8, change: impl FnOnce(&mut EndpointPort)) -> AdmittedStep {
    let addresses = vec![format!("10.1.0.{number}/16").parse().unwrap()];
    let mut port = EndpointPort::new(on_switch(), MacAddress([2, 0, 0, 0, 0, number]), addresses);
    port.secured = true;
    change(&mut port);
    let names = (Some(name(&format!("ove{number}"))), Some(name(&format!("ovc{number}"))));
    AdmittedStep { name: names.0, peer: names.1, ..rule_step("port", Action::EndpointPort(port)) }
}

/// The north is as it was before.
pub(super) fn rows(host: &Host) -> String {
    ["Logical_Switch", "Logical_Switch_Port", "Logical_Router", "Logical_Router_Port", "ACL", "QoS", "Load_Balancer"]
        .map(|table| nbctl(&host.switch, &format!("--bare --columns=_uuid list {table}")))
        .concat()
}

pub(super) fn routed() -> Work {
    network("net", vec![switch(SUBNET), router(), gateway("10.1.0.1/16")])
}

/// What is told of steps with rows while the northbound database is away.
pub(super) fn does_not_answer(condition: &Condition) -> bool {
    matches!(condition, Condition::Unknown(why) if why.contains("northbound database does not answer at unix:"))
}

#[test]
fn a_container_is_connected_when_its_port_is_there() {
    on_chassis(async |host, _| {
        let plumbing = host.plumbing_with_ovn().await;
        let (net, end) = (routed(), endpoint(&routed(), "end", vec![port(2, |_| {})]));
        plumbing.perform(&net, soon()).await.unwrap();
        plumbing.perform(&end, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await && is_fine(&plumbing, &end).await);
        let ids = host.switch.vsctl("get Interface ove2 external_ids");
        for id in ["iface-id=end", "iface-id-ver=end", "vm-id=end", "ovn-installed=\"true\"", "02:00:00:00:00:02"] {
            assert!(ids.contains(id), "{ids}");
        }
        assert!(host.switch.vsctl("get Port ove2 external_ids").contains("docker-ovs-endpoint=end"), "it is marked");
        assert_eq!(host.switch.vsctl("port-to-br ove2"), "br-int");
        assert_eq!(nbctl(&host.switch, "lsp-get-port-security end"), "02:00:00:00:00:02 10.1.0.2");
        assert!(host.sh("ethtool -k ovc2").contains("tx-checksumming: off"), "on ovs-vswitchd's datapath");
        // The router answers for its address.
        let arp = "in_port=ove2,arp,dl_src=02:00:00:00:00:02,dl_dst=ff:ff:ff:ff:ff:ff,arp_op=1,arp_spa=10.1.0.2,\
                   arp_tpa=10.1.0.1,arp_sha=02:00:00:00:00:02";
        assert!(host.switch.trace("br-int", arp).contains("arp,in_port"), "a reply");

        plumbing.undo(&end, soon()).await.unwrap();
        plumbing.drain(soon()).await.unwrap();
        host.until("the port goes", || !host.links().contains(&"ove2".to_owned())).await;
        assert_eq!(host.switch.vsctl("list-ports br-int"), "");
        plumbing.undo(&net, soon()).await.unwrap();
        assert_eq!(rows(host), "");
    });
}

#[test]
fn what_somebody_did_to_it_is_found_and_put_right() {
    on_chassis(async |host, _| {
        let plumbing = host.plumbing_with_ovn().await;
        let (net, end) = (routed(), endpoint(&routed(), "end", vec![port(2, |_| {})]));
        plumbing.perform(&net, soon()).await.unwrap();
        plumbing.perform(&end, soon()).await.unwrap();
        let mut events = plumbing.events();
        nbctl(&host.switch, "lsp-del end");
        let gone = Event::RowGone { network: end.mark.network.clone(), endpoint: end.mark.endpoint.clone() };
        while events.recv().await.unwrap() != gone {}
        becomes(&plumbing, &end, &[Condition::Missing]).await;
        plumbing.repair(&end, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &end).await);

        host.switch.vsctl("set Interface ove2 external_ids:iface-id=other");
        let other = "somebody changed the logical port it is bound to".to_owned();
        becomes(&plumbing, &end, &[Condition::Different(other)]).await;
        plumbing.repair(&end, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &end).await);

        nbctl(&host.switch, "lr-del docker-ovs-default");
        becomes(&plumbing, &net, &[Condition::Fine, Condition::Missing, Condition::Missing]).await;
        plumbing.repair(&net, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await);
    });
}

#[test]
fn who_waits_in_vain_is_told_what_ovn_is_doing() {
    on_chassis(async |host, central| {
        let plumbing = host.plumbing_with_ovn().await;
        let (net, end) = (routed(), endpoint(&routed(), "end", vec![port(2, |_| {})]));
        plumbing.perform(&net, soon()).await.unwrap();
        let before = (rows(host), host.traces());
        central.kill("controller");
        let briefly = || Instant::now() + Duration::from_secs(2);
        let error = plumbing.perform(&end, briefly()).await.unwrap_err();
        assert!(error.to_string().contains("ovn-controller of this host has not claimed the port"), "{error}");
        // The driver never uses a name again; here the link has to be gone first.
        plumbing.drain(soon()).await.unwrap();
        central.kill("northd");
        let error = plumbing.perform(&end, briefly()).await.unwrap_err();
        assert!(error.to_string().contains("ovn-northd has not seen the port"), "{error}");
        plumbing.drain(soon()).await.unwrap();
        assert_eq!((rows(host), host.traces()), before, "all is taken back");
        central.start_northd(&host.switch);
        central.start_controller(&host.switch);
        plumbing.perform(&end, soon()).await.unwrap();
    });
}

#[test]
fn a_container_waits_until_it_is_known_where_the_northbound_database_is() {
    on_chassis(async |host, _| {
        let plumbing = host.plumbing_with_ovn().await;
        let (net, end) = (routed(), endpoint(&routed(), "end", vec![port(2, |_| {})]));
        plumbing.perform(&net, soon()).await.unwrap();
        let remote = host.switch.vsctl("get Open_vSwitch . external_ids:ovn-nb");
        host.switch.vsctl("remove Open_vSwitch . external_ids ovn-nb");
        let patience = Instant::now() + Duration::from_secs(10);
        let unknown = |it: &Condition| matches!(it, Condition::Unknown(why) if why.contains("external_ids:ovn-nb="));
        while !found(&plumbing, &net).await.iter().all(unknown) {
            assert!(Instant::now() < patience, "it is known still");
            tokio::task::yield_now().await;
        }
        let error = plumbing.perform(&net, soon()).await.unwrap_err();
        assert!(matches!(error, Error::NorthboundUnknown), "a network is made by somebody who can try again: {error}");
        let mut waiting = Box::pin(plumbing.perform(&end, soon()));
        let early = tokio::time::timeout(Duration::from_millis(500), &mut waiting).await;
        assert!(early.is_err(), "{early:?}");
        host.switch.vsctl(&format!("set Open_vSwitch . external_ids:ovn-nb={remote}"));
        waiting.await.unwrap();
        assert!(is_fine(&plumbing, &end).await);
    });
}

#[test]
fn a_northbound_database_that_is_away_is_named_and_waited_for() {
    on_chassis(async |host, central| {
        let plumbing = host.plumbing_with_ovn().await;
        let (net, end) = (routed(), endpoint(&routed(), "end", vec![port(2, |_| {})]));
        plumbing.perform(&net, soon()).await.unwrap();
        plumbing.perform(&end, soon()).await.unwrap();
        let mut events = plumbing.events();
        central.kill("nb");
        let began = Instant::now();
        let another = endpoint(&net, "other", vec![port(3, |_| {})]);
        let error = plumbing.perform(&another, began + Duration::from_secs(1)).await.unwrap_err();
        assert!(matches!(error, Error::NorthboundAway { .. }), "{error}");
        let error = plumbing.undo(&end, soon()).await.unwrap_err();
        assert!(matches!(error, Error::NorthboundAway { .. }), "{error}");
        for _ in 0..20 {
            assert!(found(&plumbing, &net).await.iter().all(does_not_answer));
        }
        assert!(began.elapsed() < Duration::from_secs(30), "nobody is kept waiting");
        assert_eq!(host.switch.vsctl("list-ports br-int"), "", "the rest is undone");
        central.start_database(&host.switch, "nb");
        while events.recv().await.unwrap() != Event::NorthboundUp {}
        plumbing.undo(&end, soon()).await.unwrap();
        plumbing.undo(&net, soon()).await.unwrap();
        assert_eq!(rows(host), "");
    });
}

#[test]
fn without_a_northbound_database_the_error_says_how_to_name_one() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let error = plumbing.perform(&routed(), soon()).await.unwrap_err();
        assert!(error.to_string().contains("external_ids:ovn-nb"), "{error}");
    });
}

#[test]
fn the_host_has_a_foot_on_a_logical_switch() {
    on_chassis(async |host, _| {
        let plumbing = host.plumbing_with_ovn().await;
        let route = RouteVia { destination: "10.1.0.0/16".parse().unwrap(), next_hop: "100.64.0.1".parse().unwrap() };
        let mut foot = HostPort::new(on_switch(), vec!["100.64.0.2/30".parse().unwrap()]);
        (foot.routes, foot.mtu) = (vec![route.clone()], Some(1400));
        let foot = AdmittedStep { name: Some(name("ovh9")), ..rule_step("host", Action::HostPort(foot)) };
        let out = StaticRoute {
            router: label("router"),
            route: RouteVia { destination: "0.0.0.0/0".parse().unwrap(), next_hop: "100.64.0.2".parse().unwrap() },
        };
        let out = rule_step("out", Action::StaticRoute(out));
        let net = network("net", vec![switch("100.64.0.0/30"), router(), gateway("100.64.0.1/30"), out, foot]);
        plumbing.perform(&net, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await);
        assert!(host.sh("ip route show dev ovh9").contains("10.1.0.0/16 via 100.64.0.1 proto static"));
        // What another network adds to a port that it shares with this one.
        let more = RouteVia { destination: "10.2.0.0/16".parse().unwrap(), ..route.clone() };
        let more = rule_step("more", Action::StaticRoute(StaticRoute { router: label("host"), route: more }));
        let other = Work { steps: vec![more], scope: net.steps.clone(), ..network("other", Vec::new()) };
        plumbing.perform(&other, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &other).await);
        assert!(host.sh("ip route show dev ovh9").contains("10.2.0.0/16 via 100.64.0.1 proto static"));
        assert_eq!(plumbing.explain(&other)[0].1, ["ip route add 10.2.0.0/16 via 100.64.0.1 dev ovh9"]);
        plumbing.undo(&other, soon()).await.unwrap();
        assert_eq!(found(&plumbing, &other).await, [Condition::Missing]);
        plumbing.undo(&other, soon()).await.unwrap();
        // ovn-controller connects the networks of this host's containers, and what can be reached from those.
        let end = endpoint(&net, "end", vec![port(2, |_| {})]);
        plumbing.perform(&end, soon()).await.unwrap();
        let answers = || {
            host.sh("bash -c 'echo > /dev/udp/100.64.0.1/9'");
            host.sh("ip neighbour show to 100.64.0.1 dev ovh9").contains("lladdr")
        };
        host.until("an answer of the router", answers).await;
        host.sh("ip route delete 10.1.0.0/16");
        let gone = Condition::Different("it has no route to 10.1.0.0/16 through 100.64.0.1".to_owned());
        becomes(&plumbing, &net, &[Condition::Fine, Condition::Fine, Condition::Fine, Condition::Fine, gone]).await;
        plumbing.repair(&net, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await);
        plumbing.undo(&end, soon()).await.unwrap();
        plumbing.undo(&net, soon()).await.unwrap();
        plumbing.drain(soon()).await.unwrap();
        assert_eq!(rows(host), "");
        host.until("the ports go", || !host.links().iter().any(|link| ["ovh9", "ove2"].contains(&link.as_str()))).await;
    });
}

#[test]
fn rates_security_and_rules_stand_in_their_tables() {
    on_chassis(async |host, _| {
        let plumbing = host.plumbing_with_ovn().await;
        let rule = Acl {
            switch: label("switch"),
            priority: 1000,
            sources: vec![SUBNET.parse().unwrap()],
            destinations: vec![SUBNET.parse().unwrap()],
            protocol: None,
            port: None,
            verdict: Verdict::Drop,
        };
        let net = network("net", vec![switch(SUBNET), rule_step("alone", Action::Acl(rule))]);
        plumbing.perform(&net, soon()).await.unwrap();
        let limited = port(2, |port| {
            (port.rate_ingress, port.rate_egress) = (Some(10_000_000), Some(20_000_000));
            port.allowed = vec![plan::Station { mac: None, address: "10.1.9.9/32".parse().unwrap() }];
        });
        let end = endpoint(&net, "end", vec![limited]);
        plumbing.perform(&end, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await && is_fine(&plumbing, &end).await);
        assert_eq!(nbctl(&host.switch, "lsp-get-port-security end"), "02:00:00:00:00:02 10.1.0.2 10.1.9.9");
        let rates = nbctl(&host.switch, "qos-list docker-ovs-default-10.1.0.0/16");
        assert!(rates.contains("rate=10000 burst=5000") && rates.contains("rate=20000 burst=10000"), "{rates}");
        assert_eq!(host.switch.vsctl("get Port ove2 qos"), "[]", "one of them is enough");
        let rules = nbctl(&host.switch, "acl-list docker-ovs-default-10.1.0.0/16");
        assert!(
            rules.contains("to-lport  1000 (ip4 && ip4.src == {10.1.0.0/16} && ip4.dst == {10.1.0.0/16}) drop"),
            "{rules}"
        );
        plumbing.undo(&end, soon()).await.unwrap();
        plumbing.undo(&net, soon()).await.unwrap();
        assert_eq!(rows(host), "");
    });
}

fn drop_at(at: &str, priority: u16) -> AdmittedStep {
    let rule = Acl {
        switch: label("switch"),
        priority,
        sources: Vec::new(),
        destinations: vec![SUBNET.parse().unwrap()],
        protocol: None,
        port: None,
        verdict: Verdict::Drop,
    };
    rule_step(at, Action::Acl(rule))
}

fn route_on(at: &str, on: &str, destination: &str, next_hop: &str) -> AdmittedStep {
    let route = RouteVia { destination: destination.parse().unwrap(), next_hop: next_hop.parse().unwrap() };
    rule_step(at, Action::StaticRoute(StaticRoute { router: label(on), route }))
}

#[test]
fn of_what_goes_nothing_is_undone_that_the_next_plan_says_too() {
    on_chassis(async |host, _| {
        let plumbing = host.plumbing_with_ovn().await;
        let foot = HostPort::new(on_switch(), vec!["10.1.0.9/16".parse().unwrap()]);
        let foot = AdmittedStep { name: Some(name("ovh9")), ..rule_step("host", Action::HostPort(foot)) };
        let with = |more: [AdmittedStep; 5]| network("net", [routed().steps, vec![foot.clone()], more.into()].concat());
        let old = with([
            drop_at("renamed", 1000),
            drop_at("changed", 1001),
            route_on("out", "router", "0.0.0.0/0", "10.1.0.2"),
            route_on("way", "host", "10.2.0.0/16", "10.1.0.1"),
            route_on("gone", "host", "10.3.0.0/16", "10.1.0.1"),
        ]);
        let new = with([
            drop_at("other", 1000),
            drop_at("changed", 1002),
            route_on("out", "router", "0.0.0.0/0", "10.1.0.3"),
            route_on("path", "host", "10.2.0.0/16", "10.1.0.1"),
            route_on("more", "host", "10.4.0.0/16", "10.1.0.1"),
        ]);
        let only = |work: &Work| Work { steps: work.steps[4..].to_vec(), scope: work.steps.clone(), ..work.clone() };
        plumbing.perform(&old, soon()).await.unwrap();
        for (from, to) in [(&old, &new), (&new, &old)] {
            plumbing.change(&only(from), &only(to), soon()).await.unwrap();
            plumbing.undo_but(&only(from), to, soon()).await.unwrap();
            assert!(is_fine(&plumbing, to).await, "{:?}", found(&plumbing, to).await);
            assert_eq!(nbctl(&host.switch, "acl-list docker-ovs-default-10.1.0.0/16").lines().count(), 2);
            assert_eq!(
                nbctl(&host.switch, "--bare --columns=_uuid list Logical_Router_Static_Route").lines().count(),
                1
            );
            assert_eq!(host.sh("ip route show dev ovh9 proto static").lines().count(), 2);
        }
        plumbing.undo(&old, soon()).await.unwrap();
        plumbing.drain(soon()).await.unwrap();
        assert_eq!(rows(host), "");
    });
}

#[test]
fn modes_may_know_what_tunnels_leave_and_what_subnets_a_vrf_has() {
    on_chassis(async |host, _| {
        let plumbing = host.plumbing_with_ovn().await;
        plumbing.perform(&routed(), soon()).await.unwrap();
        let facts = plumbing.facts(soon()).await.unwrap();
        assert_eq!(facts.vrfs["default"], [SUBNET.parse().unwrap()]);
        assert_eq!(
            facts.ovn_mtu,
            Some(u16::try_from(65536 - 58).unwrap()),
            "the loopback link has the tunnels' address here"
        );
        host.sh(
            "ip link add under mtu 1600 type veth peer name wire && ip address add 192.0.2.1/24 dev under && ip link set under up",
        );
        host.switch.vsctl("set Open_vSwitch . external_ids:ovn-encap-ip=192.0.2.1");
        plumbing.ready(soon()).await.unwrap();
        assert_eq!(plumbing.facts(soon()).await.unwrap().ovn_mtu, Some(1600 - 58));
        host.switch.vsctl("set Open_vSwitch . external_ids:ovn-encap-ip=\"192.0.2.1,127.0.0.1\"");
        plumbing.ready(soon()).await.unwrap();
        assert_eq!(plumbing.facts(soon()).await.unwrap().ovn_mtu, Some(1600 - 58), "the first one is ovn-controller's");
        host.switch.vsctl("set Open_vSwitch . external_ids:ovn-encap-ip=192.0.2.2");
        plumbing.ready(soon()).await.unwrap();
        assert_eq!(plumbing.facts(soon()).await.unwrap().ovn_mtu, None, "nobody here has that address");
        plumbing.undo(&routed(), soon()).await.unwrap();
    });
}

#[test]
fn rows_without_a_record_are_found_and_removed() {
    on_chassis(async |host, _| {
        let plumbing = host.plumbing_with_ovn().await;
        plumbing.perform(&routed(), soon()).await.unwrap();
        let marked = plumbing.marked(soon()).await.unwrap();
        let [Marked { kind: MarkedKind::LogicalRows, name, .. }] = &marked[..] else { panic!("{marked:?}") };
        assert_eq!(name, "net");
        plumbing.remove(&marked[0], soon()).await.unwrap();
        assert_eq!(rows(host), "");
    });
}

#[test]
fn the_commands_that_explain_a_plan_make_the_same_rows() {
    on_chassis(async |host, _| {
        let plumbing = host.plumbing_with_ovn().await;
        let net = routed();
        for (_, lines) in plumbing.explain(&net) {
            for line in lines {
                host.sh(&line.replace("ovn-nbctl ", &format!("ovn-nbctl --db=unix:{} ", host.switch.path("nb.sock"))));
            }
        }
        becomes(&plumbing, &net, &[Condition::Fine, Condition::Fine, Condition::Fine]).await;
        plumbing.undo(&net, soon()).await.unwrap();
        assert_eq!(rows(host), "");
    });
}
