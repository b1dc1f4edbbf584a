//! What a secured container on a logical switch may send, as OVN's own flows have it.

use plan::{EndpointPort, MacAddress, Station};

use super::central::nbctl;
use super::host::{Host, endpoint, is_fine, soon};
use super::logical::{on_chassis, port, routed, rows};
use crate::{Dataplane, Plumbing, Work};

const SWITCH: &str = "docker-ovs-default-10.1.0.0/16";

/// Two secured containers with both families, the first of which shares an Ethernet address and addresses with others.
async fn two(host: &Host, plumbing: &Plumbing) -> [Work; 3] {
    let net = routed();
    let both = |port: &mut EndpointPort, number: u8| port.addresses.push(format!("fd01::{number}/64").parse().unwrap());
    let router = port(2, |port| {
        both(port, 2);
        let mac = Some(MacAddress([0, 0, 0x5e, 0, 1, 7]));
        port.allowed =
            ["10.1.0.100/32", "fd01::100/128"].map(|net| Station { mac, address: net.parse().unwrap() }).into();
    });
    let works = [
        net.clone(),
        endpoint(&net, "router", vec![router]),
        endpoint(&net, "near", vec![port(3, |port| both(port, 3))]),
    ];
    for work in &works {
        plumbing.perform(work, soon()).await.unwrap();
    }
    host.until("what one sends reaches the other", || passes(host, OWN[0])).await;
    works
}

/// Whether a frame of the first container gets to another one.
fn passes(host: &Host, frame: &str) -> bool {
    let said = host.switch.trace("br-int", &format!("in_port=ove2,{frame}"));
    let actions = said.lines().find_map(|line| line.strip_prefix("Datapath actions: "));
    actions.unwrap_or_else(|| panic!("{said}")).split(',').any(|action| action.parse::<u32>().is_ok())
}

const OWN: [&str; 8] = [
    "dl_src=02:00:00:00:00:02,dl_dst=02:00:00:00:00:03,ip,nw_src=10.1.0.2,nw_dst=10.1.0.3",
    "dl_src=02:00:00:00:00:02,dl_dst=02:00:00:00:00:03,ipv6,ipv6_src=fd01::2,ipv6_dst=fd01::3",
    "dl_src=02:00:00:00:00:02,dl_dst=02:00:00:00:00:03,icmp6,ipv6_src=fd01::2,ipv6_dst=fd01::3,icmpv6_type=128",
    // A router of VRRP announces itself with the shared Ethernet address and its own address (RFC 5798, section 7.3).
    "dl_src=00:00:5e:00:01:07,dl_dst=01:00:5e:00:00:12,ip,nw_proto=112,nw_src=10.1.0.2,nw_dst=224.0.0.18",
    "dl_src=00:00:5e:00:01:07,dl_dst=33:33:00:00:00:12,ipv6,nw_proto=112,ipv6_src=fe80::ff:fe00:2,ipv6_dst=ff02::12",
    "dl_src=00:00:5e:00:01:07,dl_dst=02:00:00:00:00:03,ip,nw_src=10.1.0.100,nw_dst=10.1.0.3",
    "dl_src=00:00:5e:00:01:07,dl_dst=02:00:00:00:00:03,ipv6,ipv6_src=fd01::100,ipv6_dst=fd01::3",
    "dl_src=00:00:5e:00:01:07,dl_dst=ff:ff:ff:ff:ff:ff,arp,arp_op=2,arp_spa=10.1.0.100,arp_tpa=10.1.0.100,arp_sha=00:00:5e:00:01:07",
];

const OTHERS: [&str; 5] = [
    "dl_src=00:00:5e:00:01:07,dl_dst=01:00:5e:00:00:12,ip,nw_proto=112,nw_src=10.1.0.3,nw_dst=224.0.0.18",
    "dl_src=00:00:5e:00:01:07,dl_dst=33:33:00:00:00:12,ipv6,nw_proto=112,ipv6_src=fe80::ff:fe00:3,ipv6_dst=ff02::12",
    "dl_src=00:00:5e:00:01:08,dl_dst=01:00:5e:00:00:12,ip,nw_proto=112,nw_src=10.1.0.2,nw_dst=224.0.0.18",
    "dl_src=02:00:00:00:00:02,dl_dst=02:00:00:00:00:03,ip,nw_src=10.1.0.3,nw_dst=10.1.0.3",
    // A redirect, which no container has a business to send.
    "dl_src=02:00:00:00:00:02,dl_dst=02:00:00:00:00:03,icmp6,ipv6_src=fe80::ff:fe00:2,ipv6_dst=fd01::3,icmpv6_type=137",
];

#[test]
fn a_secured_port_of_a_logical_switch_sends_as_itself_and_as_who_it_may() {
    on_chassis(async |host, _| {
        let plumbing = host.plumbing_with_ovn().await;
        let works = two(host, &plumbing).await;
        for frame in OWN {
            assert!(passes(host, frame), "{frame}");
        }
        for frame in OTHERS {
            assert!(!passes(host, frame), "{frame}");
        }
        for work in &works {
            assert!(is_fine(&plumbing, work).await);
        }
        let rules = || nbctl(&host.switch, &format!("acl-list {SWITCH}"));
        let rule = "from-lport 32767 (inport == \"router\" && icmp6.type == 137) drop";
        assert!(rules().contains(rule), "{}", rules());
        let [net, router, near] = &works;
        plumbing.undo(router, soon()).await.unwrap();
        assert!(!rules().contains("router") && rules().contains("near"), "it goes with its port: {}", rules());
        plumbing.undo(near, soon()).await.unwrap();
        plumbing.undo(net, soon()).await.unwrap();
        assert_eq!(rows(host), "");
    });
}
