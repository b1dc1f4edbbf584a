//! Tunnels of one network beside what other networks have: frames have one way to where they go.

use libtest_mimic::Trial;
use plan::{BridgeOwner, HostBridge, HostInterface};
use policy::BuiltIn;

use crate::house::{House, NETWORK, OTHER};
use crate::test;
use crate::upgrades::{lab_of, upgrade, world};

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a bridge leads to other hosts by one network's tunnels alone", one_mesh),
        test("and not by tunnels beside a wire, whichever of the two came first", no_wire_beside),
        test("the number of a segment is one network's", one_number),
        test("of two networks that come at once with one number, one is made", at_once),
        test("an upgrade makes no second way either", upgraded),
    ]
}

const LAN: (&str, &str) = ("bridge", "br-lan");
const WIRE: (&str, &str) = ("uplink", "eth1");
const PEERS: (&str, &str) = ("peers", "192.0.2.2");
const ONE: (&str, &str) = ("vni", "1");
const TWO: (&str, &str) = ("vni", "2");

/// A house with a bridge of the user's and a wire, and these modes.
async fn house(modes: &[BuiltIn]) -> House {
    let house = House::with(modes).await;
    let name = LAN.1.to_owned();
    let bridge = HostBridge { name, owner: BridgeOwner::Stranger, controller: false, interfaces: Vec::new() };
    let wire = HostInterface { name: WIRE.1.to_owned(), index: 7, mtu: 1500, ..HostInterface::default() };
    {
        let mut world = house.fake.world();
        (world.facts.bridges, world.facts.interfaces) = (vec![bridge], vec![wire]);
    }
    house
}

async fn flat(house: &House, id: &str, options: &[(&str, &str)]) -> Result<(), String> {
    let all = [&[("mode", "flat")], options].concat();
    house.create_as(id, &all).await.map_err(|refusal| refusal.message().to_owned())
}

/// Checks that a network is not made beside the first one, whose name is said, and that nothing is left of it.
async fn refused(house: &House, options: &[(&str, &str)], words: &[&str]) {
    let before = world(house);
    let said = flat(house, OTHER, options).await.expect_err("frames circle");
    for words in [&[NETWORK], words].concat() {
        assert!(said.contains(words), "{words} is not said: {said}");
    }
    assert_eq!(world(house), before);
}

async fn one_mesh() {
    let house = house(&[]).await;
    flat(&house, NETWORK, &[LAN, PEERS, ONE]).await.unwrap();
    refused(&house, &[LAN, ("peers", "192.0.2.3"), TWO], &["circle: bridge br-lan", "the vxlan tunnels 1 of"]).await;
    let house = house.restart().await;
    refused(&house, &[LAN, PEERS, TWO], &["circle: bridge br-lan"]).await;
    flat(&house, OTHER, &[LAN]).await.unwrap();
    flat(&house, "third", &[PEERS, TWO]).await.unwrap();
    house.delete(NETWORK).await;
    flat(&house, NETWORK, &[LAN, PEERS, ONE]).await.unwrap();
}

async fn no_wire_beside() {
    let house = house(&[]).await;
    flat(&house, NETWORK, &[LAN, WIRE]).await.unwrap();
    refused(&house, &[LAN, PEERS, ONE], &["circle: bridge br-lan", "the uplink eth1 of"]).await;
    house.delete(NETWORK).await;
    flat(&house, NETWORK, &[LAN, PEERS, ONE]).await.unwrap();
    refused(&house, &[LAN, WIRE], &["circle: bridge br-lan", "the vxlan tunnels 1 of"]).await;
    refused(&house, &[("mode", "vlan"), ("vlan", "7"), LAN, WIRE], &["the vxlan tunnels 1 of"]).await;
    flat(&house, OTHER, &[WIRE]).await.unwrap();
}

async fn one_number() {
    let house = house(&[]).await;
    // Nobody is there yet.
    flat(&house, NETWORK, &[("peers", "swarm"), ONE, ("tunnel", "vxlan")]).await.unwrap();
    refused(&house, &[PEERS, ONE], &["the vxlan tunnels 1 lead to network", "give another vni"]).await;
    flat(&house, OTHER, &[PEERS, ONE, ("tunnel", "geneve")]).await.unwrap();
    flat(&house, "third", &[PEERS, TWO]).await.unwrap();
}

async fn at_once() {
    let house = house(&[]).await;
    let create = |id| flat(&house, id, &[PEERS, ONE]);
    let (one, other) = tokio::join!(create(NETWORK), create(OTHER));
    assert_ne!(one.is_ok(), other.is_ok());
    assert_eq!(house.fake.kinds().iter().filter(|kind| *kind == "tunnel").count(), 1);
}

async fn upgraded() {
    const TUNNEL: (&str, &str) =
        ("choices = [\"vxlan\", \"geneve\"]", "choices = [\"vxlan\", \"geneve\"]\ndefault = \"geneve\"");
    const NAMED: (&str, &str) =
        ("key = \"bridge\"\ntype = \"text\"", "key = \"bridge\"\ntype = \"text\"\ndefault = \"br-lan\"");
    let mut house = house(&[lab_of("flat", "0.1.0", &[])]).await;
    let lab = ("mode", "lab");
    house.create_as(NETWORK, &[lab, PEERS, ONE]).await.unwrap();
    house.create_as(OTHER, &[lab, LAN, PEERS, ONE, ("tunnel", "geneve")]).await.unwrap();
    let before = world(&house);
    for (version, replaced, words) in
        [("0.2.0", TUNNEL, "the geneve tunnels 1"), ("0.3.0", NAMED, "circle: bridge br-lan")]
    {
        house.has_now(&[lab_of("flat", version, &[replaced])], &[]);
        let said = upgrade(&house).await.unwrap_err().message;
        assert!(said.contains(words) && said.contains(OTHER), "{said}");
        assert_eq!(world(&house), before);
    }
    house.delete(OTHER).await;
    upgrade(&house).await.unwrap();
}
