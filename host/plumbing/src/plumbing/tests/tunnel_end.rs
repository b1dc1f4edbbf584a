//! This host's end of the tunnels between OVN's hosts.

use super::host::{Host, on_host, soon};
use crate::{Dataplane, Plumbing};

/// What is wrong with it; empty: nothing.
async fn fault(plumbing: &Plumbing) -> String {
    // What was told to Open vSwitch just now.
    plumbing.ready(soon()).await.unwrap();
    plumbing.tunnel_fault(soon()).await.unwrap().unwrap_or_default()
}

/// A link of no bridge that has the address of the tunnels.
fn addressed(host: &Host) {
    host.switch.vsctl("set Open_vSwitch . external_ids:ovn-encap-ip=192.0.2.1");
    host.sh("ip link add eth7 type veth peer name far && ip address add 192.0.2.1/24 dev eth7 && ip link set eth7 up");
}

#[test]
fn the_address_of_tunnels_is_to_be_named_and_there() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let unnamed = fault(&plumbing).await;
        assert!(unnamed.contains("external_ids:ovn-encap-ip=ADDRESS"), "{unnamed}");
        for (named, said) in [("192.0.2.1", "192.0.2.1"), ("\"192.0.2.1,127.0.0.1\"", "192.0.2.1"), ("here", "here")] {
            host.switch.vsctl(&format!("set Open_vSwitch . external_ids:ovn-encap-ip={named}"));
            let absent = fault(&plumbing).await;
            assert!(
                absent.contains(&format!("no link of this host has the address of OVN's tunnels, {said}: ")),
                "{absent}"
            );
        }
        addressed(host);
        assert_eq!(fault(&plumbing).await, "", "what datapath OVN's bridge is of is not known yet");
    });
}

#[test]
fn on_ovs_vswitchds_own_datapath_tunnels_leave_by_internal_ports_of_its_bridges() {
    on_host(async |host| {
        addressed(host);
        let plumbing = host.plumbing().await;
        // No such datapath is here: the rows say what somebody wants.
        host.switch.vsctl("--no-wait set Open_vSwitch . external_ids:ovn-bridge=br-own -- add-br br-own");
        assert_eq!(fault(&plumbing).await, "", "the kernel's tunnels leave by any link");
        host.switch.vsctl("--no-wait set Bridge br-own datapath_type=netdev");
        let outside = fault(&plumbing).await;
        for words in ["from 192.0.2.1 on eth7 reach nobody", "(netdev) br-own has", "add-br br-phy", "dev br-phy"] {
            assert!(outside.contains(words), "no `{words}` in {outside}");
        }
        host.switch.vsctl("--no-wait add-br br-sys -- add-port br-sys eth7 -- set Interface eth7 type=internal");
        assert_eq!(fault(&plumbing).await, outside, "an internal port of a bridge of the kernel's");
        host.switch.vsctl("--no-wait del-br br-sys");
        host.switch.vsctl("add-br br-phy -- set Bridge br-phy datapath_type=netdev -- add-port br-phy eth7");
        assert_eq!(fault(&plumbing).await, outside, "the uplink is on the bridge, the address is not");
        host.sh("ip address flush dev eth7 && ip address add 192.0.2.1/24 dev br-phy && ip link set br-phy up");
        assert_eq!(fault(&plumbing).await, "");
    });
}
