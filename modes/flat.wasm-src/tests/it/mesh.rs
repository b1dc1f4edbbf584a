//! Segments that span hosts.

use guest_modes::{Action, Encapsulation, Label, Mode, Network, Tunnel};
use mode_flat::Flat;

use crate::given::{endpoint, network};

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn with_peers(peers: &[&str]) -> Network {
    let mut network = network(&[("10.1.0.0/24", "10.1.0.254")]);
    network.options.set("peers", texts(peers));
    network.options.set("vni", 77_u32);
    network
}

fn mesh(network: &Network) -> Tunnel {
    let plan = Flat::plan_network(network).expect("a plan");
    let tunnel = plan.steps.into_iter().find_map(|step| match step.action {
        Action::Tunnel(tunnel) => Some(tunnel),
        _ => None,
    });
    tunnel.expect("a mesh")
}

fn mtu(network: &Network) -> Option<u16> {
    let plan = Flat::plan_endpoint(network, &endpoint(&["10.1.0.5/24"])).expect("a plan");
    plan.steps.into_iter().find_map(|step| match step.action {
        Action::EndpointPort(port) => port.mtu,
        _ => None,
    })
}

#[test]
fn a_tunnel_leads_to_every_peer() {
    let peers = ["192.0.2.2", "192.0.2.3"];
    let to = |peers: &[&str]| -> Vec<std::net::IpAddr> { peers.iter().map(|peer| peer.parse().unwrap()).collect() };
    let expected = Tunnel::on(&Label::new("bridge"), Encapsulation::Vxlan, 77, to(&peers));
    assert_eq!(mesh(&with_peers(&["192.0.2.3", "192.0.2.2", "192.0.2.3"])), expected);
    let mut swarm = with_peers(&["swarm", "192.0.2.2"]);
    assert_eq!(mesh(&swarm).peers, to(&peers[..1]), "nobody else is there yet");
    swarm.facts.set("swarm.peers", texts(&["192.0.2.3", "192.0.2.2"]));
    let expected = |encapsulation| Tunnel::on(&Label::new("bridge"), encapsulation, 77, to(&peers));
    assert_eq!(mesh(&swarm), expected(Encapsulation::Geneve), "vxlan's port is Docker's there");
    swarm.options.set("tunnel", "vxlan");
    assert_eq!(mesh(&swarm), expected(Encapsulation::Vxlan));
}

#[test]
fn frames_are_as_long_as_the_tunnels_let_them_be() {
    for (tunnel, peer, left) in [
        ("vxlan", "192.0.2.2", 8950),
        ("vxlan", "fd00::2", 8930),
        ("geneve", "192.0.2.2", 8942),
        ("geneve", "fd00::2", 8922),
    ] {
        let mut network = with_peers(&[peer]);
        network.options.set("tunnel", tunnel);
        network.facts.set("tunnel.mtu", 9000_u16);
        assert_eq!(mtu(&network), Some(left), "{tunnel} to {peer}");
        network.options.set("vlan", 7_u16);
        assert_eq!(mtu(&network), Some(left - 4), "a tag takes its room");
        network.options.set("mtu", 1300_u16);
        assert_eq!(mtu(&network), Some(1300), "the user says otherwise");
        network.options.set("mtu", left);
        let refusal = Flat::plan_network(&network).unwrap_err();
        assert_eq!((refusal.code.as_str(), refusal.at.as_deref()), ("mtu-too-large", Some("mtu")));
    }
    assert_eq!(mtu(&with_peers(&["192.0.2.2"])), Some(1450), "nobody knows the underlay");
    let mut alone = with_peers(&["swarm"]);
    assert_eq!(mtu(&alone), Some(1422), "nobody knows how those who come will come");
    for (own, left) in [("fd00::1", 1422), ("192.0.2.1", 1442)] {
        alone.facts.set("swarm.address", own.parse::<std::net::IpAddr>().unwrap());
        assert_eq!(mtu(&alone), Some(left), "those who come will come as this host did, {own}");
    }
    alone.facts.set("swarm.peers", texts(&["fd00::2"]));
    assert_eq!(mtu(&alone), Some(1442), "no container's link is made anew for one who came otherwise");
}

#[test]
fn what_makes_no_mesh_is_refused() {
    let refused = |network: &Network, code: &str, at: &str| {
        let refusal = Flat::plan_network(network).unwrap_err();
        assert_eq!((refusal.code.as_str(), refusal.at.as_deref()), (code, Some(at)), "{}", refusal.message);
    };
    refused(&with_peers(&["host-2"]), "bad-peer", "peers");
    refused(&with_peers(&["fe80::1"]), "bad-peer", "peers");
    let mut apart = with_peers(&["192.0.2.2"]);
    apart.options.set("icc", false);
    refused(&apart, "icc-and-peers", "icc");
    let mut wired = with_peers(&["192.0.2.2"]);
    wired.options.set("uplink", "eth1");
    refused(&wired, "uplink-and-peers", "uplink");
    let mut numberless = network(&[("10.1.0.0/24", "10.1.0.254")]);
    numberless.options.set("peers", texts(&["192.0.2.2"]));
    refused(&numberless, "vni-missing", "vni");
    let mut alone = network(&[("10.1.0.0/24", "10.1.0.254")]);
    alone.options.set("vni", 77_u32);
    refused(&alone, "vni-without-peers", "vni");
    let mut wrapped = network(&[("10.1.0.0/24", "10.1.0.254")]);
    wrapped.options.set("tunnel", "geneve");
    refused(&wrapped, "tunnel-without-peers", "tunnel");
}
