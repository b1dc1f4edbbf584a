//! What networks of a mode share is made for the first, used by the others, and goes with the last.

use std::sync::Arc;
use std::time::Duration;

use admin::report::Health;
use admin::{Operations, Upgrading};
use docker_api::{Context, NetworkDriver};
use libtest_mimic::Trial;
use plan::{Action, Datapath, HostInterface, NetworkId};
use plumbing::{Event, Marked, MarkedKind};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::house::{ENDPOINT, House, NETWORK, OTHER, context, network, until};
use crate::test;
use crate::upgrades::{ISOLATED, NETDEV, lab_of};

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("two networks have one bridge and one uplink, which go with the last", one_bridge),
        test("whoever wants it otherwise is refused, with the holder's name", otherwise),
        test("what fails beside it takes it back, unless another network has it", taken_back),
        test("a crash in the middle leaves what another network has, and nothing else", crash),
        test("a network that goes while another one comes leaves it what it needs", going_and_coming),
        test("who waits for another's turn is told whose it is, and Docker's removal succeeds", another_works),
        test("what is lost is made again once, for all", repaired_once),
        test("a restart knows whose it is", restarted),
        test("it is nobody's when nobody has it", nobodys),
        test("what is no longer granted to anybody is not made again", not_granted),
        test("an upgrade may not change it under another network", upgraded_beside),
        test("an upgrade of whoever has it alone changes it", upgraded_alone),
    ]
}

const WIRE: [(&str, &str); 2] = [("mode", "vlan"), ("uplink", "eth1")];
const ALL: [&str; 2] = ["bridge", "uplink"];

/// A host with the interface that leads to the wire.
async fn wired() -> House {
    let house = House::new().await;
    wire(&house);
    house
}

fn wire(house: &House) {
    let link = HostInterface { name: "eth1".to_owned(), index: 7, mtu: 1500, ..HostInterface::default() };
    house.fake.world().facts.interfaces = vec![link];
}

async fn create(house: &House, id: &str, options: &[(&str, &str)]) -> Result<(), String> {
    let all = [&WIRE[..], options].concat();
    house.create_as(id, &all).await.map_err(|refusal| refusal.message().to_owned())
}

/// Two networks on the wire.
async fn two() -> House {
    let house = wired().await;
    create(&house, NETWORK, &[("vlan", "100")]).await.unwrap();
    create(&house, OTHER, &[("vlan", "200")]).await.unwrap();
    house
}

/// The names of all that there is.
fn names(house: &House) -> Vec<String> {
    house.fake.world().there.values().filter_map(|step| step.name.as_ref()).map(ToString::to_string).collect()
}

/// Creates a network in the background.
fn creating(house: &House, id: &'static str, options: &[(&'static str, &'static str)]) -> JoinHandle<()> {
    let (driver, request) = (Arc::clone(&house.driver), network(id, &[&WIRE[..], options].concat()));
    tokio::spawn(async move { driver.create_network(context(), request).await.unwrap() })
}

/// Lets what hangs go on, one after the other, until both have ended.
async fn both_end(house: &House, one: JoinHandle<()>, other: JoinHandle<()>) {
    until(async || {
        house.fake.go_on.notify_waiters();
        one.is_finished() && other.is_finished()
    })
    .await;
    one.await.and(other.await).unwrap();
}

async fn one_bridge() {
    let house = two().await;
    assert_eq!(house.fake.kinds(), ALL);
    let before = names(&house);
    let detail = house.inspect().await;
    for object in &detail.objects {
        assert_eq!(object.shared_with, [OTHER], "{object:?}");
    }
    let explained = house.driver.explain(NETWORK.parse().unwrap(), None).await.unwrap();
    assert_eq!(explained.steps.len(), 2);
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.join(ENDPOINT).await.unwrap();
    house.delete(NETWORK).await;
    assert_eq!((house.fake.kinds(), names(&house)), (ALL.map(str::to_owned).to_vec(), before.clone()));
    create(&house, NETWORK, &[("vlan", "300")]).await.unwrap();
    assert_eq!(names(&house), before, "its names are those of whoever has it");
    house.delete(OTHER).await;
    house.delete(NETWORK).await;
    assert!(house.fake.kinds().is_empty());
    create(&house, NETWORK, &[("vlan", "100")]).await.unwrap();
    assert!(!names(&house).contains(&before[0]), "no name of a bridge is used twice");
}

async fn otherwise() {
    let house = wired().await;
    create(&house, NETWORK, &[("vlan", "100")]).await.unwrap();
    let before = house.fake.world().there.clone();
    let said = create(&house, OTHER, &[("vlan", "200"), ("datapath", "netdev")]).await.unwrap_err();
    for words in [NETWORK, "shares \"uplink eth1\"", "datapath auto there, not a bridge with datapath netdev"] {
        assert!(said.contains(words), "{words} is not said: {said}");
    }
    let said = create(&house, OTHER, &[("vlan", "200"), ("bridge", "br-lab")]).await.unwrap_err();
    assert!(said.contains("eth1") && said.contains("it is on bridge"), "{said}");
    let said = create(&house, OTHER, &[("mode", "flat")]).await.unwrap_err();
    assert!(said.contains("eth1"), "{said}");
    assert_eq!(house.fake.world().there, before);
    create(&house, OTHER, &[("vlan", "200")]).await.unwrap();
}

async fn taken_back() {
    let house = wired().await;
    let foot = [("vlan", "100"), ("host_address", "10.9.0.9")];
    house.fake.world().failing_kind = Some("host-port");
    create(&house, NETWORK, &foot).await.unwrap_err();
    assert!(house.fake.kinds().is_empty());
    create(&house, NETWORK, &[("vlan", "100")]).await.unwrap();
    create(&house, OTHER, &foot).await.unwrap_err();
    assert_eq!(house.fake.kinds(), ALL);
    house.fake.world().failing_kind = None;
    create(&house, OTHER, &foot).await.unwrap();
    house.delete(NETWORK).await;
    assert_eq!(house.fake.kinds(), ["bridge", "host-port", "uplink"]);
}

async fn crash() {
    let house = wired().await;
    house.fake.world().perform_hangs = true;
    let call = creating(&house, NETWORK, &[("vlan", "100")]);
    until(async || house.fake.world().hanging == 1).await;
    call.abort();
    // Until then it has the store.
    let _ = call.await;
    house.fake.world().perform_hangs = false;
    let house = house.restart().await;
    assert!(house.fake.kinds().is_empty() && house.driver.networks().await.unwrap().is_empty());

    create(&house, NETWORK, &[("vlan", "100")]).await.unwrap();
    house.fake.world().perform_hangs = true;
    let call = creating(&house, OTHER, &[("vlan", "200"), ("host_address", "10.9.0.9")]);
    until(async || house.fake.world().hanging == 2).await;
    call.abort();
    // Until then it has the store.
    let _ = call.await;
    house.fake.world().perform_hangs = false;
    let house = house.restart().await;
    assert_eq!(
        (house.fake.kinds(), house.driver.networks().await.unwrap().len()),
        (ALL.map(str::to_owned).to_vec(), 1)
    );
}

async fn going_and_coming() {
    let house = wired().await;
    create(&house, NETWORK, &[("vlan", "100")]).await.unwrap();
    house.fake.world().perform_hangs = true;
    let coming = creating(&house, OTHER, &[("vlan", "200")]);
    until(async || house.fake.world().hanging == 1).await;
    let going = deleting(&house, NETWORK);
    // It cannot know yet whether it is the last.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!going.is_finished());
    both_end(&house, coming, going).await;
    house.fake.world().perform_hangs = false;
    assert_eq!(
        (house.fake.kinds(), house.driver.networks().await.unwrap().len()),
        (ALL.map(str::to_owned).to_vec(), 1)
    );

    house.fake.world().undo_hangs = true;
    let going = deleting(&house, OTHER);
    until(async || house.fake.world().waiting == 1).await;
    let coming = creating(&house, NETWORK, &[("vlan", "100")]);
    both_end(&house, coming, going).await;
    assert_eq!(house.fake.kinds(), ALL);
    let ids: Vec<_> = house.driver.networks().await.unwrap().into_iter().map(|network| network.id).collect();
    assert_eq!(ids, [NETWORK]);
}

async fn another_works() {
    let house = wired().await;
    create(&house, NETWORK, &[("vlan", "100")]).await.unwrap();
    house.fake.world().perform_hangs = true;
    let coming = creating(&house, OTHER, &[("vlan", "200")]);
    until(async || house.fake.world().hanging == 1).await;
    let soon = || Context { deadline: Instant::now() + Duration::from_millis(200), ..context() };
    let third = network("third", &[&WIRE[..], &[("vlan", "300")]].concat());
    let said = house.driver.create_network(soon(), third).await.unwrap_err().to_string();
    assert!(said.contains(OTHER) && said.contains("was not done in time"), "{said}");
    let id = docker_api::NetworkId::new(NETWORK).unwrap();
    house.driver.delete_network(soon(), id).await.unwrap();
    house.fake.world().perform_hangs = false;
    until(async || {
        house.fake.go_on.notify_waiters();
        coming.is_finished()
    })
    .await;
    coming.await.unwrap();
    house.reconcile().await;
    let ids: Vec<_> = house.driver.networks().await.unwrap().into_iter().map(|network| network.id).collect();
    assert_eq!((ids, house.fake.kinds()), (vec![OTHER.to_owned()], ALL.map(str::to_owned).to_vec()));
}

fn deleting(house: &House, id: &str) -> JoinHandle<()> {
    let (driver, id) = (Arc::clone(&house.driver), docker_api::NetworkId::new(id).unwrap());
    tokio::spawn(async move { driver.delete_network(context(), id).await.unwrap() })
}

fn wires_id() -> NetworkId {
    NetworkId::of_shared("vlan", "uplink eth1")
}

async fn repaired_once() {
    let house = two().await;
    house.fake.world().there.clear();
    let repaired = house.reconcile().await.repaired;
    let kinds: Vec<_> = repaired.iter().map(|change| change.kind.as_str()).collect();
    assert_eq!((kinds, repaired[0].network.as_deref()), (ALL.to_vec(), Some(wires_id().as_str())));

    house.fake.world().there.clear();
    house.fake.say(Event::RowGone { network: wires_id(), endpoint: None });
    until(async || house.fake.kinds() == ALL).await;
    house.fake.world().perform_fails = Some("no room");
    house.reconcile().await;
    for id in [NETWORK, OTHER] {
        let detail = house.driver.network(id.parse().unwrap()).await.unwrap();
        assert_eq!(detail.summary.health, Health::Drifted, "it concerns both");
    }
}

async fn restarted() {
    let house = two().await;
    let before = names(&house);
    let house = house.restart().await;
    assert_eq!(names(&house), before);
    assert!(house.fake.world().removed.is_empty() && house.reconcile().await.repaired.is_empty());
    create(&house, "third", &[("vlan", "300")]).await.unwrap();
    assert_eq!(names(&house), before);
    for id in [NETWORK, OTHER, "third"] {
        house.delete(id).await;
    }
    assert!(house.fake.kinds().is_empty());
}

async fn nobodys() {
    let house = two().await;
    let stray =
        |name: &str| Marked { kind: MarkedKind::Port, name: name.to_owned(), network: wires_id(), endpoint: None };
    house.fake.world().marked = vec![stray("eth1"), stray("eth7")];
    let house = house.restart().await;
    assert_eq!(house.fake.world().removed, [stray("eth7")], "of the wire, but no network's");
}

async fn not_granted() {
    let house = two().await;
    house.fake.world().there.clear();
    let house = house.restart_granting("vlan", &["bridge", "vlan"]).await;
    assert!(house.fake.kinds().is_empty());
    let broken = house.reconcile().await.broken;
    assert_eq!(broken.len(), 2);
    assert!(broken.iter().all(|drift| drift.problem.contains("uplink=eth1 is not granted")), "{broken:?}");
    let house = house.restart_granting("vlan", &["bridge", "vlan", "uplink=eth1"]).await;
    assert_eq!(house.fake.kinds(), ALL);
}

/// Two networks of a version of the mode, and another version.
async fn versions(replaced: &[(&str, &str)]) -> House {
    let mut house = House::with(&[lab_of("vlan", "0.1.0", &[])]).await;
    wire(&house);
    for (id, vlan) in [(NETWORK, "100"), (OTHER, "200")] {
        create(&house, id, &[("mode", "lab"), ("vlan", vlan)]).await.unwrap();
    }
    house.has_now(&[lab_of("vlan", "0.2.0", replaced)], &[]);
    house
}

async fn upgrade(house: &House) -> Result<(), String> {
    let ask = |confirmation| house.driver.upgrade(NETWORK.parse().unwrap(), Upgrading { to: None, confirmation });
    let shown = ask(None).await.map_err(|failure| failure.message)?;
    ask(Some(shown.confirmation)).await.map(|_| ()).map_err(|failure| failure.message)
}

async fn upgraded_beside() {
    let house = versions(&[NETDEV]).await;
    let before = house.fake.world().there.clone();
    let said = upgrade(&house).await.unwrap_err();
    assert!(said.contains(OTHER) && said.contains("datapath auto there"), "{said}");
    assert_eq!(house.fake.world().there, before);

    let house = versions(&[ISOLATED]).await;
    let before = house.fake.world().there.clone();
    upgrade(&house).await.unwrap();
    assert_eq!(house.fake.world().there, before, "what is the same is left alone");
    house.delete(NETWORK).await;
    assert_eq!(house.fake.kinds(), ALL);
}

fn datapath(house: &House) -> Vec<Datapath> {
    let there = house.fake.world().there.clone();
    let bridges = there.into_values().filter_map(|step| match step.action {
        Action::Bridge(bridge) => Some(bridge.datapath),
        _ => None,
    });
    bridges.collect()
}

async fn upgraded_alone() {
    let mut house = House::with(&[lab_of("vlan", "0.1.0", &[])]).await;
    let lab = [("mode", "lab"), ("bridge", "br-lab")];
    house.create_as(NETWORK, &[&lab[..], &[("vlan", "100")]].concat()).await.unwrap();
    house.has_now(&[lab_of("vlan", "0.2.0", &[NETDEV])], &[]);
    let before = house.fake.world().there.clone();
    let at = house.fake.world().turns + 1;
    house.fake.world().failing_turns = at..at + 1;
    let said = upgrade(&house).await.unwrap_err();
    assert!(said.contains("nothing of the kind") && said.contains("all is again as it was"), "{said}");
    let after = house.fake.world().there.clone();
    assert_eq!((after, datapath(&house)), (before, vec![Datapath::Auto]));
    upgrade(&house).await.unwrap();
    assert_eq!(datapath(&house), [Datapath::Netdev]);
    house.create_as(OTHER, &[&lab[..], &[("vlan", "200")]].concat()).await.unwrap();
    assert_eq!(house.fake.kinds(), ["bridge"]);
    let house = house.restart().await;
    house.delete(NETWORK).await;
    house.delete(OTHER).await;
    assert!(house.fake.kinds().is_empty());
}
