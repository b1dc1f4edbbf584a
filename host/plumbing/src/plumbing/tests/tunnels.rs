//! Tunnels to other hosts.

use plan::{Action, AdmittedStep, Datapath, Encapsulation, Tunnel};

use super::host::{
    Host, becomes, found, is_fine, label, name, named_bridge, network, on_host, own_bridge, rule_step, soon,
};
use crate::{Condition, Dataplane, Error, MarkedKind, Work};

/// Others on the underlay `192.0.2.0/24`, where this host is 192.0.2.1.
const OTHERS: [&str; 2] = ["192.0.2.2", "192.0.2.3"];

fn mesh(encapsulation: Encapsulation, peers: &[&str]) -> AdmittedStep {
    let peers = peers.iter().map(|peer| peer.parse().unwrap()).collect();
    let tunnel = Tunnel { bridge: label("bridge"), encapsulation, vni: 77, peers };
    AdmittedStep { name: Some(name("ovt9")), ..rule_step("mesh", Action::Tunnel(tunnel)) }
}

fn vxlan(peers: &[&str]) -> Work {
    network("net", vec![own_bridge("ovb1"), mesh(Encapsulation::Vxlan, peers)])
}

/// The host's address on the internal port of a bridge of ovs-vswitchd's datapath.
fn underlay(host: &Host) {
    host.switch.vsctl("add-br br-phy -- set Bridge br-phy datapath_type=netdev");
    host.sh("ip address add 192.0.2.1/24 dev br-phy && ip link set br-phy up");
}

/// The other hosts that tunnels lead to.
fn remotes(host: &Host, kind: &str) -> Vec<String> {
    let found = host.switch.vsctl(&format!("--columns=options find Interface type={kind} options:key=77"));
    let mut remotes: Vec<String> = found.split("remote_ip=").skip(1).map(address).collect();
    remotes.sort();
    remotes
}

fn address(text: &str) -> String {
    text.chars().filter(|letter| *letter != '"').take_while(|letter| !matches!(letter, '}' | ',')).collect()
}

#[test]
fn a_mesh_comes_and_goes() {
    on_host(async |host| {
        underlay(host);
        let plumbing = host.plumbing().await;
        let before = host.traces();
        for (kind, encapsulation) in [("vxlan", Encapsulation::Vxlan), ("geneve", Encapsulation::Geneve)] {
            let work = network("net", vec![own_bridge("ovb1"), mesh(encapsulation, &OTHERS)]);
            assert_eq!(found(&plumbing, &work).await, [Condition::Missing, Condition::Missing]);
            plumbing.perform(&work, soon()).await.unwrap();
            assert!(is_fine(&plumbing, &work).await);
            assert_eq!(remotes(host, kind), OTHERS);
            assert_eq!(host.switch.vsctl("get Bridge ovt9 datapath_type fail_mode"), "netdev\nstandalone");
            assert_eq!(host.switch.vsctl("get Interface ovt9q options"), "{peer=ovt9p}");
            assert_eq!(host.switch.vsctl("iface-to-br ovt9p"), "ovb1");
            let protected = host.switch.vsctl("--columns=name find Port protected=true");
            assert_eq!(protected.lines().filter(|line| line.starts_with("name")).count(), OTHERS.len(), "{protected}");
            plumbing.undo(&work, soon()).await.unwrap();
            host.until("the links go", || host.traces() == before).await;
        }
    });
}

#[test]
fn peers_come_and_go_where_the_mesh_stands() {
    on_host(async |host| {
        underlay(host);
        let plumbing = host.plumbing().await;
        let (one, two, other) = (vxlan(&OTHERS[..1]), vxlan(&OTHERS), vxlan(&OTHERS[1..]));
        plumbing.perform(&one, soon()).await.unwrap();
        let rows = || host.switch.vsctl("get Interface ovt9q _uuid");
        let (patch, number) = (rows(), host.switch.vsctl("get Interface ovt9q ofport"));
        for (from, to, peers) in [(&one, &two, &OTHERS[..]), (&two, &other, &OTHERS[1..])] {
            let only =
                |work: &Work| Work { steps: work.steps[1..].to_vec(), scope: work.steps.clone(), ..work.clone() };
            plumbing.change(&only(from), &only(to), soon()).await.unwrap();
            assert!(is_fine(&plumbing, to).await);
            assert_eq!(remotes(host, "vxlan"), peers);
        }
        assert_eq!((rows(), host.switch.vsctl("get Interface ovt9q ofport")), (patch, number), "the same patch");
    });
}

#[test]
fn what_somebody_breaks_is_repaired() {
    on_host(async |host| {
        underlay(host);
        let plumbing = host.plumbing().await;
        let work = vxlan(&OTHERS);
        plumbing.perform(&work, soon()).await.unwrap();
        let more = vxlan(&["192.0.2.2", "192.0.2.3", "192.0.2.4"]);
        for damage in ["del-br ovt9", "del-port ovt9p", "set Port ovt9q protected=true", "left"] {
            match damage {
                // A peer that left while nobody was there to take its tunnel away.
                "left" => plumbing.perform(&more, soon()).await.unwrap(),
                damage => drop(host.switch.vsctl(damage)),
            }
            host.until("it is seen", || !host.switch.vsctl("show").is_empty()).await;
            let end = soon();
            while is_fine(&plumbing, &work).await {
                assert!(tokio::time::Instant::now() < end, "{damage}: nothing is seen");
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            plumbing.repair(&work, soon()).await.unwrap();
            becomes(&plumbing, &work, &[Condition::Fine, Condition::Fine]).await;
            assert_eq!(remotes(host, "vxlan"), OTHERS, "{damage}");
        }
    });
}

#[test]
fn a_mesh_is_no_stray_and_its_ports_go_with_it() {
    on_host(async |host| {
        underlay(host);
        let plumbing = host.plumbing().await;
        plumbing.perform(&vxlan(&OTHERS), soon()).await.unwrap();
        let marked = plumbing.marked(soon()).await.unwrap();
        let named: Vec<_> = marked.iter().map(|it| (it.kind, it.name.as_str())).collect();
        assert!(named.contains(&(MarkedKind::Bridge, "ovt9")), "{named:?}");
        assert!(named.iter().all(|(kind, _)| *kind == MarkedKind::Bridge), "{named:?}");
        for it in &marked {
            plumbing.remove(it, soon()).await.unwrap();
        }
        assert_eq!(host.switch.vsctl("list-br"), "br-phy");
    });
}

#[test]
fn a_mesh_on_a_users_bridge_leaves_it_as_it_was() {
    on_host(async |host| {
        underlay(host);
        host.switch.vsctl("add-br lab -- set Bridge lab datapath_type=netdev fail_mode=secure");
        let rows = || host.switch.vsctl("list Bridge lab");
        let before = rows();
        let plumbing = host.plumbing().await;
        let bridge = named_bridge("lab", Datapath::Auto);
        let work = network("net", vec![bridge, mesh(Encapsulation::Geneve, &OTHERS)]);
        plumbing.perform(&work, soon()).await.unwrap();
        assert!(is_fine(&plumbing, &work).await);
        plumbing.undo(&work, soon()).await.unwrap();
        assert_eq!(rows(), before);
        assert_eq!(host.switch.vsctl("list-br"), "br-phy\nlab");
    });
}

#[test]
fn this_host_is_no_peer_of_itself() {
    on_host(async |host| {
        underlay(host);
        let plumbing = host.plumbing().await;
        let work = vxlan(&["192.0.2.1", "192.0.2.2"]);
        plumbing.perform(&work, soon()).await.unwrap();
        assert_eq!(remotes(host, "vxlan"), ["192.0.2.2"]);
        assert!(is_fine(&plumbing, &work).await);
    });
}

#[test]
fn a_route_that_no_tunnel_takes_is_an_error_that_says_what_to_do() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        if plumbing.health().kernel_datapath {
            return;
        }
        let nowhere = plumbing.perform(&vxlan(&OTHERS), soon()).await.unwrap_err();
        assert!(matches!(nowhere, Error::NoRoute { .. }), "{nowhere}");
        host.sh("ip link add eth7 type veth peer name far && ip address add 192.0.2.1/24 dev eth7");
        host.sh("ip link set eth7 up && ip link set far up");
        let before = host.traces();
        let error = plumbing.perform(&vxlan(&OTHERS), soon()).await.unwrap_err();
        for part in ["192.0.2.2", "leaves by eth7", "add-port br-phy eth7"] {
            assert!(error.to_string().contains(part), "{error}");
        }
        assert_eq!(host.traces(), before, "nothing is made");
        let hosts = ["192.0.2.1", "192.0.2.2", "198.51.100.1"].map(|host| host.parse().unwrap());
        let [own, faulty, unknown] = &plumbing.underlay(&hosts, soon()).await.unwrap()[..] else { panic!("three") };
        assert!(own.own && own.fault.is_none() && own.mtu == Some(1500));
        assert!(faulty.mtu == Some(1500) && faulty.fault.as_ref().is_some_and(|fault| fault.contains("eth7")));
        assert!(unknown.mtu.is_none() && unknown.fault.is_some());

        host.switch.vsctl("add-br br-phy -- set Bridge br-phy datapath_type=netdev -- add-port br-phy eth7");
        host.sh("ip address flush dev eth7 && ip address add 192.0.2.1/24 dev br-phy && ip link set br-phy up");
        plumbing.perform(&vxlan(&OTHERS), soon()).await.unwrap();
        assert!(is_fine(&plumbing, &vxlan(&OTHERS)).await);
        assert_eq!(plumbing.underlay(&hosts[1..2], soon()).await.unwrap()[0].fault, None);

        host.sh("ip address flush dev br-phy && ip address add 192.0.2.1/24 dev eth7");
        let [_, Condition::Different(why)] = &found(&plumbing, &vxlan(&OTHERS)).await[..] else { panic!("it is off") };
        assert!(why.contains("leaves by eth7"), "{why}");
        host.switch.vsctl("del-br ovt9");
        becomes(&plumbing, &vxlan(&OTHERS), &[Condition::Fine, Condition::Missing]).await;
        let error = plumbing.repair(&vxlan(&OTHERS), soon()).await.unwrap_err();
        assert!(matches!(error, Error::Underlay { .. }), "{error}");
        assert_eq!(remotes(host, "vxlan"), OTHERS, "the rest is repaired all the same");
    });
}

#[test]
fn tunnels_of_others_are_left_their_frames() {
    on_host(async |host| {
        underlay(host);
        let plumbing = host.plumbing().await;
        let geneve = |peers: &[&str]| network("net", vec![own_bridge("ovb1"), mesh(Encapsulation::Geneve, peers)]);
        host.switch.vsctl("add-br br-int -- set Bridge br-int datapath_type=netdev");
        let ovn = |options: &str| {
            let tunnel = format!("set Interface ovn-2 type=geneve options:remote_ip=192.0.2.2 {options}");
            host.switch.vsctl(&format!("--if-exists del-port ovn-2 -- add-port br-int ovn-2 -- {tunnel}"));
        };
        for (options, advice) in [
            ("options:key=flow options:local_ip=192.0.2.1", "-o tunnel=vxlan on all"),
            ("options:key=77", "another -o vni= on all"),
        ] {
            ovn(options);
            let before = host.traces();
            let said = plumbing.perform(&geneve(&OTHERS), soon()).await.unwrap_err().to_string();
            for part in ["192.0.2.2", "port ovn-2 on bridge br-int", advice] {
                assert!(said.contains(part), "no `{part}` in {said}");
            }
            assert_eq!(host.traces(), before, "nothing is made");
        }

        ovn("options:key=flow");
        for beside in [vxlan(&OTHERS), geneve(&["192.0.2.1", "192.0.2.3"])] {
            plumbing.perform(&beside, soon()).await.unwrap();
            assert!(is_fine(&plumbing, &beside).await);
            plumbing.undo(&beside, soon()).await.unwrap();
        }
    });
}

#[test]
fn what_others_tunnel_later_is_told_until_it_is_put_right() {
    on_host(async |host| {
        underlay(host);
        let plumbing = host.plumbing().await;
        let geneve = |peers: &[&str]| network("net", vec![own_bridge("ovb1"), mesh(Encapsulation::Geneve, peers)]);
        let (one, both) = (geneve(&OTHERS[1..]), geneve(&OTHERS));
        plumbing.perform(&one, soon()).await.unwrap();
        host.switch.vsctl("add-br br-int -- set Bridge br-int datapath_type=netdev");
        let tunnel = "options:key=flow options:remote_ip=192.0.2.2";
        host.switch.vsctl(&format!("add-port br-int ovn-2 -- set Interface ovn-2 type=geneve {tunnel}"));
        let error = plumbing.change(&one, &both, soon()).await.unwrap_err();
        assert!(matches!(error, Error::TunnelTakes { .. }), "a host comes that OVN leads to: {error}");
        assert!(is_fine(&plumbing, &one).await, "and all is as it was");

        host.switch.vsctl("set Interface ovn-2 options:remote_ip=192.0.2.3");
        // What was told to Open vSwitch just now.
        plumbing.ready(soon()).await.unwrap();
        let told = plumbing.repair(&one, soon()).await.unwrap_err().to_string();
        assert!(told.contains("port ovn-2 on bridge br-int"), "{told}");
        assert_eq!(found(&plumbing, &one).await, [Condition::Fine, Condition::Different(told)]);
        assert_eq!(remotes(host, "geneve"), OTHERS[1..], "the tunnel stays");
        plumbing.change(&one, &one, soon()).await.unwrap();
        host.switch.vsctl("del-port ovn-2");
        becomes(&plumbing, &one, &[Condition::Fine, Condition::Fine]).await;
        plumbing.repair(&one, soon()).await.unwrap();
    });
}

#[test]
fn a_mesh_as_commands() {
    on_host(async |host| {
        let plumbing = host.plumbing().await;
        let lines = plumbing.explain(&vxlan(&OTHERS)).remove(1).1;
        assert!(lines[0].starts_with("ovs-vsctl --may-exist add-br ovt9 "), "{lines:?}");
        assert!(lines[1].contains("set Interface ovt9q type=patch options:peer=ovt9p"), "{lines:?}");
        let tunnel = |line: &String| line.contains("protected=true") && line.contains("type=vxlan options:key=77");
        assert_eq!(lines.iter().filter(|line| tunnel(line)).count(), 2, "{lines:?}");
    });
}
