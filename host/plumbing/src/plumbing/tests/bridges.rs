//! Bridges: the network's own, and the user's.

use plan::Datapath;

use super::host::{
    becomes, endpoint, endpoint_port, found, host_port, is_fine, name, named_bridge, network, on_host, own_bridge, soon,
};
use crate::{Condition, Dataplane, Error, MarkedKind};

#[test]
fn an_own_bridge_comes_and_goes() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let before = host.traces();
        let work = network("net", vec![own_bridge("ovb1"), host_port("ovh2", "10.9.0.1/24")]);
        assert_eq!(found(&plumbing, &work).await, [Condition::Missing, Condition::Missing]);
        plumbing.perform(&work, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &work).await);
        assert_eq!(host.switch.vsctl("get Bridge ovb1 datapath_type fail_mode"), "netdev\nstandalone");
        let ids = host.switch.vsctl("get Bridge ovb1 external_ids");
        assert_eq!(ids, "{docker-ovs-instance=\"0123abcd\", docker-ovs-label=bridge, docker-ovs-network=net}");
        assert!(host.sh("ip -o address show dev ovh2").contains("10.9.0.1/24"));
        assert!(host.sh("ip link show dev ovh2").contains("mtu 1400"));
        assert!(host.sh("ip link show dev ovb1").contains("state DOWN"), "the local port is left as it is");

        plumbing.perform(&work, soon()).await.expect("performing again finds all there");
        plumbing.undo(&work, soon()).await.unwrap();
        plumbing.undo(&work, soon()).await.expect("undoing again finds nothing");
        host.until("the links go", || host.traces() == before).await;
    });
}

#[test]
fn a_host_port_keeps_its_address_when_it_is_made_again() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let work = network("net", vec![own_bridge("ovb1"), host_port("ovh2", "10.9.0.1/24")]);
        let mac = || host.sh("ip -o link show dev ovh2 | sed 's/.*ether //'");
        plumbing.perform(&work, soon()).await.unwrap();
        let first = mac();
        host.switch.vsctl("del-br ovb1");
        becomes(&plumbing, &work, &[Condition::Missing, Condition::Missing]).await;
        assert_eq!(plumbing.repair(&work, soon()).await.unwrap().len(), 2);
        assert!(is_fine(&plumbing, &work).await);
        assert_eq!(mac(), first);
    });
}

#[test]
fn a_users_bridge_is_used_and_left_untouched() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        host.switch.vsctl("add-br lab -- set Bridge lab datapath_type=netdev fail_mode=secure");
        host.switch.vsctl("add-port lab own -- set Interface own type=internal");
        let rows = || host.switch.vsctl("list Bridge lab") + &host.switch.vsctl("list Port own lab");
        let before = rows();
        let net = network("net", vec![named_bridge("lab", Datapath::Auto)]);
        let end = endpoint(&net, "end", vec![endpoint_port("ove1", 2)]);
        plumbing.perform(&net, soon()).await.unwrap();
        plumbing.perform(&end, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &net).await && is_fine(&plumbing, &end).await);
        plumbing.undo(&end, soon()).await.unwrap();
        plumbing.undo(&net, soon()).await.unwrap();
        assert_eq!(rows(), before);
        assert_eq!(plumbing.marked(soon()).await.unwrap().iter().filter(|it| it.kind != MarkedKind::Link).count(), 0);
    });
}

#[test]
fn a_named_bridge_that_is_not_there_is_made_and_removed_with_its_last_user() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let net = network("net", vec![named_bridge("lab", Datapath::Netdev)]);
        plumbing.perform(&net, soon()).await.unwrap();
        host.switch.vsctl("add-port lab own -- set Interface own type=internal");
        let error = plumbing.undo(&net, soon()).await.unwrap_err();
        assert!(matches!(&error, Error::InUse { ports, .. } if ports == "own"), "{error}");
        host.switch.vsctl("del-port lab own");
        plumbing.undo(&net, soon()).await.unwrap();
        assert_eq!(host.switch.vsctl("list-br"), "");
    });
}

#[test]
fn a_stranger_who_has_our_name_keeps_it() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        host.switch.vsctl("add-br ovb1 -- set Bridge ovb1 datapath_type=netdev");
        let net = network("net", vec![own_bridge("ovb1")]);
        let error = plumbing.perform(&net, soon()).await.unwrap_err();
        assert_eq!(error.to_string(), "bridge ovb1 belongs to somebody else: it is left as it is");
        plumbing.undo(&net, soon()).await.unwrap();
        assert_eq!(host.switch.vsctl("list-br"), "ovb1");

        let lab = network("net", vec![named_bridge("ovb1", Datapath::System)]);
        let error = plumbing.perform(&lab, soon()).await.unwrap_err();
        assert!(error.to_string().contains("datapath netdev"), "{error}");
    });
}

#[test]
fn a_datapath_that_the_kernel_lacks_is_an_error_that_leaves_nothing() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        if plumbing.health().kernel_datapath {
            return;
        }
        let before = host.traces();
        let net = network("net", vec![named_bridge("lab", Datapath::System), host_port("ovh2", "10.9.0.1/24")]);
        let error = plumbing.perform(&net, soon()).await.unwrap_err();
        assert!(matches!(error, Error::Datapath { .. }), "{error}");
        assert!(error.to_string().contains("modprobe openvswitch"), "{error}");
        host.until("all is gone", || host.traces() == before).await;
    });
}

#[test]
fn facts_say_who_owns_what() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        host.switch.vsctl("add-br theirs -- set Bridge theirs datapath_type=netdev external_ids:docker-ovs-instance=ffff0000 external_ids:docker-ovs-network=n");
        host.switch.vsctl("add-br lab -- set Bridge lab datapath_type=netdev -- set-controller lab tcp:127.0.0.1:1");
        let net = network("net", vec![own_bridge("ovb1"), host_port("ovh2", "10.9.0.1/24")]);
        plumbing.perform(&net, soon()).await.unwrap();
        let facts = plumbing.facts(soon()).await.unwrap();
        let owner = |bridge: &str| format!("{:?}", facts.bridge(bridge).unwrap().owner);
        assert_eq!(owner("ovb1"), "Network(\"net\")");
        assert_eq!(owner("theirs"), "OtherInstance(\"ffff0000\")");
        assert_eq!(owner("lab"), "Stranger");
        assert!(facts.bridge("lab").unwrap().controller && !facts.bridge("ovb1").unwrap().controller);
        assert_eq!(facts.bridge_of(&name("ovh2")).unwrap().name, "ovb1");
        assert!(facts.interface("ovh2").unwrap().addressed);
    });
}

#[test]
fn two_networks_that_name_the_same_new_bridge_at_once_get_one() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let [one, two] = ["one", "two"].map(|id| network(id, vec![named_bridge("lab", Datapath::Auto)]));
        let (first, second) = tokio::join!(plumbing.perform(&one, soon()), plumbing.perform(&two, soon()));
        first.and(second).unwrap();
        assert!(is_fine(&plumbing, &one).await && is_fine(&plumbing, &two).await);
        assert_eq!(host.switch.vsctl("list-br"), "lab");
    });
}
