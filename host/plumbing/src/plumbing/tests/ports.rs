//! Containers' ports and uplinks.

use plan::VlanId;

use super::host::{becomes, endpoint, endpoint_port, found, is_fine, network, on_host, own_bridge, soon, uplink, with};
use crate::{Condition, Dataplane, Error, Event, MarkedKind};

#[test]
fn an_endpoint_comes_and_goes() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1")]);
        plumbing.perform(&net, soon()).await.unwrap();
        let before = host.traces();
        let end = endpoint(&net, "end", vec![endpoint_port("ove2", 2)]);
        plumbing.perform(&end, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &end).await);
        let ids = host.switch.vsctl("get Port ove2 external_ids other_config");
        assert!(ids.contains("docker-ovs-endpoint=end") && ids.contains("transient=\"true\""), "{ids}");
        assert!(host.sh("ip link show dev ovc2").contains("02:00:00:00:00:02"));
        assert!(host.sh("ethtool -k ovc2").contains("tx-checksumming: off"), "on ovs-vswitchd's datapath");
        plumbing.undo(&end, soon()).await.unwrap();
        assert_eq!(host.switch.vsctl("list-ports ovb1"), "");
        plumbing.drain(soon()).await.unwrap();
        assert_eq!(host.traces(), before);
    });
}

#[test]
fn vlans_and_isolation_stand_in_the_row() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1")]);
        plumbing.perform(&net, soon()).await.unwrap();
        let vlan = |id: u16| VlanId::new(id).unwrap();
        let port = with(endpoint_port("ove2", 2), |port| (port.vlan, port.isolated) = (Some(vlan(7)), true));
        let access = endpoint(&net, "access", vec![port]);
        let port =
            with(endpoint_port("ove3", 3), |port| (port.vlan, port.trunks) = (Some(vlan(7)), vec![vlan(9), vlan(8)]));
        let trunk = endpoint(&net, "trunk", vec![port]);
        for work in [&access, &trunk] {
            plumbing.perform(work, soon()).await.unwrap();
            assert!(is_fine(&plumbing, work).await);
        }
        let columns = |port: &str| {
            host.switch.vsctl(&format!("get Port {port} tag trunks vlan_mode protected")).replace('\n', " ")
        };
        assert_eq!(columns("ove2"), "7 [] access true");
        assert_eq!(columns("ove3"), "7 [8, 9] native-untagged false");

        host.switch.vsctl("set Port ove2 tag=9 protected=false -- set Port ove2 external_ids:theirs=kept");
        let changed = Condition::Different("somebody changed its VLANs, whether it is protected".to_owned());
        becomes(&plumbing, &access, &[changed]).await;
        plumbing.repair(&access, soon()).await.unwrap();
        assert_eq!(columns("ove2"), "7 [] access true");
        assert_eq!(host.switch.vsctl("get Port ove2 external_ids:theirs"), "kept");
    });
}

#[test]
fn an_uplink_is_put_on_the_bridge_and_given_back() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        host.sh(
            "ip link add eth1 type veth peer name wire && ip link set wire up && ip address add 192.0.2.9/24 dev eth1",
        );
        let before = host.traces();
        let net = network("net", vec![own_bridge("ovb1"), uplink("eth1", None, &[7, 8])]);
        plumbing.perform(&net, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await);
        assert_eq!(host.switch.vsctl("get Port eth1 trunks vlan_mode"), "[7, 8]\ntrunk");
        assert!(host.sh("ip -o link show dev eth1").contains("state UP"));
        host.sh("ip link set eth1 down");
        assert_eq!(found(&plumbing, &net).await[1], Condition::Different("interface eth1 is down".to_owned()));
        plumbing.repair(&net, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await);
        plumbing.undo(&net, soon()).await.unwrap();
        host.until("the bridge goes", || host.traces() == before).await;
        assert!(host.sh("ip -o address show dev eth1").contains("192.0.2.9/24"), "its addresses are not touched");
    });
}

#[test]
fn an_uplink_that_has_another_bridge_stays_there() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        host.sh("ip link add eth1 type veth peer name wire");
        host.switch.vsctl("add-br lab -- set Bridge lab datapath_type=netdev -- add-port lab eth1");
        let before = host.traces();
        let net = network("net", vec![own_bridge("ovb1"), uplink("eth1", None, &[])]);
        let error = plumbing.perform(&net, soon()).await.unwrap_err();
        assert_eq!(error.to_string(), "port eth1 belongs to somebody else on bridge lab: it is left as it is");
        assert_eq!(host.traces(), before);
    });
}

#[test]
fn an_interface_that_is_not_there_is_said_in_the_words_of_open_vswitch() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let before = host.traces();
        let net = network("net", vec![own_bridge("ovb1"), uplink("eth9", None, &[])]);
        let error = plumbing.perform(&net, soon()).await.unwrap_err();
        let text =
            "Open vSwitch cannot use port eth9 of bridge ovb1: could not open network device eth9 (No such device)";
        assert_eq!(error.to_string(), text);
        host.until("all is gone", || host.traces() == before).await;
    });
}

#[test]
fn an_endpoint_needs_its_bridge() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let before = host.traces();
        let net = network("net", vec![own_bridge("ovb1")]);
        let end = endpoint(&net, "end", vec![endpoint_port("ove2", 2)]);
        let error = plumbing.perform(&end, soon()).await.unwrap_err();
        assert!(matches!(error, Error::Absent { what: "bridge", .. }), "{error}");
        assert_eq!(host.traces(), before, "no link is made for a port that cannot be");
    });
}

#[test]
fn a_row_that_goes_is_told_and_made_again_on_the_link() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1")]);
        let end = endpoint(&net, "end", vec![endpoint_port("ove2", 2)]);
        plumbing.perform(&net, soon()).await.unwrap();
        plumbing.perform(&end, soon()).await.unwrap();
        let mut events = plumbing.events();
        host.switch.vsctl("del-port ove2");
        let Event::RowGone { network, endpoint } = events.recv().await.unwrap() else { panic!("another event") };
        assert_eq!((network, endpoint), (end.mark.network.clone(), end.mark.endpoint.clone()));
        assert_eq!(found(&plumbing, &end).await, [Condition::Missing]);
        plumbing.repair(&end, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &end).await);

        plumbing.undo(&end, soon()).await.unwrap();
        plumbing.undo(&net, soon()).await.unwrap();
        plumbing.drain(soon()).await.unwrap();
        assert!(events.try_recv().is_err(), "what we remove ourselves is no event");
    });
}

#[test]
fn a_link_that_goes_breaks_its_endpoint() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1")]);
        let end = endpoint(&net, "end", vec![endpoint_port("ove2", 2)]);
        plumbing.perform(&net, soon()).await.unwrap();
        plumbing.perform(&end, soon()).await.unwrap();
        let mut events = plumbing.events();
        host.sh("ip link delete ove2");
        assert!(matches!(events.recv().await.unwrap(), Event::LinkGone { name, .. } if name == "ove2"));
        let findings = plumbing.repair(&end, soon()).await.unwrap();
        assert!(matches!(&findings[0].condition, Condition::Broken(how) if how.contains("link ove2 is gone")));
        assert_eq!(host.switch.vsctl("list-ports ovb1"), "", "its row is removed");
        assert_eq!(host.links(), ["lo", "ovb1", "ovs-netdev"], "and no link is made");
    });
}

#[test]
fn a_port_that_was_moved_is_brought_back() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![own_bridge("ovb1")]);
        let end = endpoint(&net, "end", vec![endpoint_port("ove2", 2)]);
        plumbing.perform(&net, soon()).await.unwrap();
        plumbing.perform(&end, soon()).await.unwrap();
        let ids = host.switch.vsctl("get Port ove2 external_ids").replace(", ", ",").replace(['{', '}', '"'], "");
        let ids: String = ids.split(',').map(|pair| format!(" external_ids:{pair}")).collect();
        host.switch.vsctl("add-br lab -- set Bridge lab datapath_type=netdev");
        host.switch.vsctl(&format!("del-port ove2 -- add-port lab ove2 -- set Port ove2{ids}"));
        becomes(&plumbing, &end, &[Condition::Different("somebody moved it to another bridge".to_owned())]).await;
        plumbing.repair(&end, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &end).await);
        assert_eq!(host.switch.vsctl("port-to-br ove2"), "ovb1");
    });
}

#[test]
fn what_is_marked_can_be_removed_without_a_plan() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let before = host.traces();
        let net = network("net", vec![own_bridge("ovb1")]);
        let end = endpoint(&net, "end", vec![endpoint_port("ove2", 2)]);
        plumbing.perform(&net, soon()).await.unwrap();
        plumbing.perform(&end, soon()).await.unwrap();
        host.switch.vsctl("add-br lab -- set Bridge lab datapath_type=netdev external_ids:docker-ovs-instance=ffff0000 external_ids:docker-ovs-network=net");
        let marked = plumbing.marked(soon()).await.unwrap();
        let kinds: Vec<_> = marked.iter().map(|it| (it.kind, it.name.as_str())).collect();
        assert_eq!(kinds, [(MarkedKind::Bridge, "ovb1"), (MarkedKind::Port, "ove2"), (MarkedKind::Link, "ove2")]);
        for thing in marked.iter().rev() {
            plumbing.remove(thing, soon()).await.unwrap();
        }
        plumbing.drain(soon()).await.unwrap();
        assert_eq!(host.switch.vsctl("list-br"), "lab", "another instance's bridge stays");
        host.switch.vsctl("del-br lab");
        host.until("all is gone", || host.traces() == before).await;
    });
}
