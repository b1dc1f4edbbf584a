//! Ports that may only send as themselves, or only so much.

use plan::{Datapath, MacAddress, Station};

use super::host::{
    Host, becomes, endpoint, endpoint_port, found, is_fine, named_bridge, network, on_host, own_bridge, soon, with,
};
use crate::{Condition, Dataplane, Event, Plumbing, Work};

const GUARD: &str = "guard-0123abcd";

fn secured(number: u8) -> plan::AdmittedStep {
    with(endpoint_port(&format!("ove{number}"), number), |port| {
        port.secured = true;
        port.addresses.push(format!("fd09::{number}/64").parse().unwrap());
        let mac = Some(MacAddress([0, 0, 0x5e, 0, 1, 7]));
        port.allowed = vec![
            Station { mac: None, address: "10.9.0.100/32".parse().unwrap() },
            Station { mac, address: "10.9.0.101/32".parse().unwrap() },
        ];
    })
}

/// A network with two containers, the first of which is secured and sends two megabits a second at most.
async fn two(host: &Host) -> (Plumbing, Work, Work) {
    let plumbing = host.plumbing().await;
    let net = network("net", vec![own_bridge("ovb1")]);
    plumbing.perform(&net, soon()).await.unwrap();
    let slow = with(secured(2), |port| port.rate_egress = Some(2_000_000));
    let (safe, plain) = (endpoint(&net, "safe", vec![slow]), endpoint(&net, "plain", vec![endpoint_port("ove3", 3)]));
    plumbing.perform(&safe, soon()).await.unwrap();
    plumbing.perform(&plain, soon()).await.unwrap();
    (plumbing, safe, plain)
}

/// The guard's meters, one a line.
fn meters(host: &Host) -> String {
    host.sh(&format!("ovs-ofctl -O OpenFlow13 dump-meters {GUARD}"))
}

/// What stands there of the first container's rate: half a second of it may come at once.
const METER: &str = "rate=2000 burst_size=1000";

/// Whether a frame from the first container gets as far as the second's port.
fn passes(host: &Host, frame: &str) -> bool {
    let said = host.switch.trace(GUARD, &format!("in_port=ove2,dl_dst=ff:ff:ff:ff:ff:ff,{frame}"));
    let actions = said.lines().find_map(|line| line.strip_prefix("Datapath actions: "));
    let actions = actions.unwrap_or_else(|| panic!("{said}"));
    // Without flows it is shown to a controller, of which there is none, and goes nowhere.
    actions.split(',').any(|action| action.parse::<u32>().is_ok())
}

const OWN: [&str; 13] = [
    "dl_src=02:00:00:00:00:02,arp,arp_op=1,arp_spa=10.9.0.2,arp_sha=02:00:00:00:00:02",
    "dl_src=02:00:00:00:00:02,ip,nw_src=10.9.0.2",
    "dl_src=02:00:00:00:00:02,tcp,nw_src=10.9.0.2",
    "dl_src=02:00:00:00:00:02,ip,nw_src=10.9.0.100",
    "dl_src=00:00:5e:00:01:07,arp,arp_op=2,arp_spa=10.9.0.101,arp_sha=00:00:5e:00:01:07",
    // A router of VRRP announces itself with the shared Ethernet address and its own address (RFC 5798, section 7.3).
    "dl_src=00:00:5e:00:01:07,ip,nw_proto=112,nw_src=10.9.0.2",
    "dl_src=02:00:00:00:00:02,ipv6,ipv6_src=fd09::2",
    "dl_src=02:00:00:00:00:02,ipv6,ipv6_src=fe80::ff:fe00:2",
    "dl_src=02:00:00:00:00:02,icmp6,ipv6_src=fd09::2,icmpv6_type=135,nd_target=fd09::3,nd_sll=02:00:00:00:00:02",
    "dl_src=02:00:00:00:00:02,icmp6,ipv6_src=fd09::2,icmpv6_type=136,nd_target=fd09::2,nd_tll=02:00:00:00:00:02",
    "dl_src=02:00:00:00:00:02,icmp6,ipv6_src=::,icmpv6_type=135,nd_target=fd09::2",
    "dl_src=02:00:00:00:00:02,icmp6,ipv6_src=::,icmpv6_type=143",
    "dl_src=02:00:00:00:00:02,icmp6,ipv6_src=fd09::2,icmpv6_type=128",
];

const OTHERS: [&str; 18] = [
    "dl_src=02:00:00:00:00:99,arp,arp_op=1,arp_spa=10.9.0.2,arp_sha=02:00:00:00:00:02",
    "dl_src=02:00:00:00:00:02,arp,arp_op=2,arp_spa=10.9.0.1,arp_sha=02:00:00:00:00:02",
    "dl_src=02:00:00:00:00:02,arp,arp_op=2,arp_spa=10.9.0.2,arp_sha=02:00:00:00:00:99",
    "dl_src=02:00:00:00:00:99,ip,nw_src=10.9.0.2",
    "dl_src=02:00:00:00:00:02,ip,nw_src=10.9.0.3",
    "dl_src=02:00:00:00:00:02,udp,nw_src=0.0.0.0",
    "dl_src=02:00:00:00:00:02,ipv6,ipv6_src=fd09::3",
    "dl_src=02:00:00:00:00:99,ipv6,ipv6_src=fd09::2",
    "dl_src=02:00:00:00:00:02,ipv6,ipv6_src=fe80::1",
    "dl_src=02:00:00:00:00:02,icmp6,ipv6_src=fd09::2,icmpv6_type=136,nd_target=fd09::1,nd_tll=02:00:00:00:00:02",
    "dl_src=02:00:00:00:00:02,icmp6,ipv6_src=fd09::2,icmpv6_type=136,nd_target=fd09::2,nd_tll=02:00:00:00:00:99",
    "dl_src=02:00:00:00:00:02,icmp6,ipv6_src=fd09::2,icmpv6_type=135,nd_target=fd09::3,nd_sll=02:00:00:00:00:99",
    "dl_src=02:00:00:00:00:02,icmp6,ipv6_src=::,icmpv6_type=135,nd_target=fd09::3",
    "dl_src=02:00:00:00:00:02,icmp6,ipv6_src=fe80::ff:fe00:2,icmpv6_type=134",
    "dl_src=02:00:00:00:00:02,icmp6,ipv6_src=fe80::ff:fe00:2,icmpv6_type=137",
    // Its port has no VLANs: a tag of its own would be its way into one.
    "dl_src=02:00:00:00:00:02,dl_vlan=7,ip,nw_src=10.9.0.2",
    "dl_src=02:00:00:00:00:02,dl_vlan=7,ipv6,ipv6_src=fd09::2",
    "dl_src=02:00:00:00:00:02,dl_type=0x88cc",
];

#[test]
fn a_secured_port_sends_as_itself_and_as_nobody_else() {
    on_host(async |host| {
        let (plumbing, safe, _plain) = two(host).await;
        assert!(is_fine(&plumbing, &safe).await);
        for frame in OWN {
            assert!(passes(host, frame), "{frame}");
        }
        for frame in OTHERS {
            assert!(!passes(host, frame), "{frame}");
        }
        let said = host.switch.trace("ovb1", "in_port=ove3,dl_src=02:00:00:00:00:03,dl_dst=ff:ff:ff:ff:ff:ff,ip");
        assert!(
            said.contains("output:1") || !said.lines().last().unwrap().contains("drop"),
            "the way to it is open: {said}"
        );
    });
}

#[test]
fn flows_and_meters_come_back_after_a_restart_and_the_port_is_shut_until_then() {
    on_host(async |host| {
        let (plumbing, safe, plain) = two(host).await;
        assert!(meters(host).contains(METER), "{}", meters(host));
        let mut events = plumbing.events();
        for _ in 0..2 {
            host.switch.kill_daemon();
            host.switch.start_daemon();
            loop {
                if events.recv().await.unwrap() == Event::FlowsGone {
                    break;
                }
            }
            for frame in OWN.iter().chain(&OTHERS) {
                assert!(!passes(host, frame), "without flows nothing passes, {frame} did");
            }
            assert!(!meters(host).contains("rate="), "a daemon that starts has no meters: {}", meters(host));
            let lost = Condition::Different("its guard lost its flows: nothing passes it".to_owned());
            becomes(&plumbing, &safe, &[lost]).await;
            becomes(&plumbing, &plain, &[Condition::Fine]).await;
            plumbing.repair(&safe, soon()).await.unwrap();
            assert!(is_fine(&plumbing, &safe).await);
            assert!(passes(host, OWN[0]) && !passes(host, OTHERS[0]));
            assert!(meters(host).contains(METER), "{}", meters(host));
            let flows = host.sh(&format!("ovs-ofctl -O OpenFlow13 dump-flows {GUARD}"));
            assert!(flows.contains("meter:"), "it goes through its meter: {flows}");
        }
    });
}

#[test]
fn flows_that_others_change_are_put_right() {
    on_host(async |host| {
        let (plumbing, safe, _plain) = two(host).await;
        let lost = [Condition::Different("its guard lost its flows: nothing passes it".to_owned())];
        host.sh(&format!("ovs-ofctl del-flows {GUARD}"));
        assert_eq!(found(&plumbing, &safe).await, lost);
        plumbing.repair(&safe, soon()).await.unwrap();
        host.sh(&format!("ovs-ofctl add-flow {GUARD} priority=99,in_port=ove2,actions=normal"));
        assert!(passes(host, OTHERS[0]), "somebody opened it");
        assert_eq!(found(&plumbing, &safe).await, lost);
        plumbing.repair(&safe, soon()).await.unwrap();
        assert!(!passes(host, OTHERS[0]));
        host.switch.vsctl(&format!("set Bridge {GUARD} fail_mode=standalone"));
        becomes(&plumbing, &safe, &[Condition::Different("its fail_mode is not secure".to_owned())]).await;
        plumbing.repair(&safe, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &safe).await);
        host.switch.vsctl("del-port ove2p");
        let alone = "Open vSwitch cannot use it: No usable peer 'ove2p' exists in 'netdev' datapath.";
        becomes(&plumbing, &safe, &[Condition::Different(alone.to_owned())]).await;
        plumbing.repair(&safe, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &safe).await && passes(host, OWN[0]));
    });
}

#[test]
fn a_guard_serves_all_networks_and_goes_with_the_last_port() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let before = host.traces();
        let (one, other) = (network("one", vec![own_bridge("ovb1")]), network("other", vec![own_bridge("ovb2")]));
        let (first, second) = (endpoint(&one, "first", vec![secured(2)]), endpoint(&other, "second", vec![secured(4)]));
        for work in [&one, &other, &first, &second] {
            plumbing.perform(work, soon()).await.unwrap();
        }
        let ports = || host.switch.vsctl(&format!("list-ports {GUARD}")).replace('\n', " ");
        assert_eq!(ports(), "ove2 ove2q ove4 ove4q");
        assert_eq!(host.switch.vsctl("list-ports ovb1"), "ove2p");
        let marked = plumbing.marked(soon()).await.unwrap();
        assert!(marked.iter().all(|it| it.name != GUARD && !it.name.ends_with(['p', 'q'])), "{marked:?}");

        plumbing.undo(&first, soon()).await.unwrap();
        plumbing.drain(soon()).await.unwrap();
        assert_eq!(ports(), "ove4 ove4q");
        let flows = host.sh(&format!("ovs-ofctl dump-flows {GUARD}"));
        assert!(!flows.contains("10.9.0.2,") && !flows.contains("arp_spa=10.9.0.2"), "{flows}");
        for work in [&second, &other, &one] {
            plumbing.undo(work, soon()).await.unwrap();
        }
        host.until("all is gone", || host.traces() == before).await;
    });
}

#[test]
fn a_users_bridge_keeps_its_own_flows() {
    on_host(async |host| {
        host.switch.vsctl("add-br lab -- set Bridge lab datapath_type=netdev");
        host.sh("ovs-ofctl add-flow lab priority=7,ip,nw_dst=192.0.2.1,actions=drop");
        let flows = host.sh("ovs-ofctl --no-stats dump-flows lab");
        let plumbing = host.plumbing().await;
        let net = network("net", vec![named_bridge("lab", Datapath::Auto)]);
        plumbing.perform(&net, soon()).await.unwrap();
        let end = endpoint(&net, "end", vec![with(secured(2), |port| port.rate_egress = Some(1_000_000))]);
        plumbing.perform(&end, soon()).await.unwrap();
        assert_eq!(host.sh("ovs-ofctl --no-stats dump-flows lab"), flows);
        assert!(passes(host, OWN[1]) && !passes(host, &OWN[1].replace("ip,", "ip,nw_dst=192.0.2.1,")));
        plumbing.undo(&end, soon()).await.unwrap();
        assert_eq!(host.sh("ovs-ofctl --no-stats dump-flows lab"), flows);
    });
}

#[test]
fn rates_stand_in_rows_and_meters_and_change_where_they_are() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1")]);
        plumbing.perform(&net, soon()).await.unwrap();
        let before = host.traces();
        let of = |to: Option<u64>, from: Option<u64>| {
            let step = with(endpoint_port("ove2", 2), |port| (port.rate_ingress, port.rate_egress) = (to, from));
            endpoint(&net, "end", vec![step])
        };
        let plain = of(None, None);
        let mut from = of(Some(10_000_000), None);
        plumbing.perform(&from, soon()).await.unwrap();
        let rates =
            || ["QoS", "Queue"].map(|table| host.switch.vsctl(&format!("--bare --columns=other_config list {table}")));
        assert_eq!(rates(), ["max-rate=10000000", "max-rate=10000000"]);
        assert_eq!(
            host.switch.vsctl("port-to-br ove2"),
            "ovb1",
            "what is only slowed down on its way in needs no guard"
        );
        for to in
            [of(Some(5_000_000), Some(2_000_000)), of(None, Some(3_000_000)), plain, of(Some(1_000_000), Some(1_500))]
        {
            plumbing.change(&from, &to, soon()).await.unwrap();
            assert!(is_fine(&plumbing, &to).await, "{:?}", found(&plumbing, &to).await);
            from = to;
        }
        assert!(meters(host).contains("rate=2 burst_size=1"), "{}", meters(host));
        host.switch.vsctl("clear Port ove2 qos");
        becomes(&plumbing, &from, &[Condition::Different("somebody changed its rate".to_owned())]).await;
        plumbing.repair(&from, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &from).await);
        plumbing.undo(&from, soon()).await.unwrap();
        plumbing.drain(soon()).await.unwrap();
        host.until("all is gone", || host.traces() == before).await;
        assert_eq!(rates(), ["", ""]);
        plumbing.perform(&from, soon()).await.unwrap();
        host.switch.vsctl("del-port ove2");
        plumbing.undo(&from, soon()).await.unwrap();
        plumbing.drain(soon()).await.unwrap();
        host.until("all is gone", || host.traces() == before).await;
        assert_eq!(rates(), ["", ""], "rows that nobody refers to stay unless they are removed");
    });
}

#[test]
fn a_guard_reads_as_commands_that_make_it() {
    on_host(async |host| {
        let (plumbing, safe, _plain) = two(host).await;
        let flows = || {
            host.sh(&format!(
                "ovs-ofctl -O OpenFlow13 --no-stats --names dump-flows {GUARD} | sed 's/ *cookie=[^,]*, *//; s/^ *//' | sort"
            ))
        };
        // A meter has the number of its port, and whoever reads the commands has none but this.
        let number = host.switch.vsctl("get Interface ove2 ofport");
        let first = |text: String, sign: &str| text.replace(&format!("meter{sign}{number}"), &format!("meter{sign}1"));
        let ours = (first(flows(), ":"), first(meters(host), "="));
        assert!(ours.1.contains(METER), "{}", ours.1);
        let lines = plumbing.explain(&safe).remove(0).1;
        assert!(lines.iter().any(|line| line.contains("fail_mode=secure")), "{lines:#?}");
        host.sh(&format!("ovs-ofctl del-flows {GUARD} && ovs-ofctl -O OpenFlow13 del-meters {GUARD}"));
        for line in lines.iter().filter(|line| line.starts_with("ovs-ofctl")) {
            host.sh(line);
        }
        assert_eq!((flows(), meters(host)), ours);
    });
}
