//! Networks whose peers are the hosts of Docker's swarm.

use admin::Operations;
use docker_api::{Discovery, DiscoveryChange, NetworkDriver};
use driver::Swarm;
use libtest_mimic::Trial;
use plan::{Action, InterfaceName};

use crate::house::{ENDPOINT, House, NETWORK, OTHER, context, until};
use crate::test;
use crate::upgrades::world;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a network has the hosts that are there, and is told how much their links carry", created),
        test("hosts come and go while a container runs, and it keeps its link", followed),
        test("what Docker said once is known after a restart", remembered),
        test("what cannot be done at once is done when it can", again),
        test("a network that was there before the swarm follows it, and its links stay as they were made", early),
        test("hosts that were there before the first network, and those that went unheard, are asked for", asked),
        test("a host that just came stays, though Docker's answers do not have it yet", fresh),
        test("where nobody can tell who is there, and where a network cannot follow, that is said", untold),
        test("hosts that are named are nobody else's business", named),
    ]
}

const SWARM: [(&str, &str); 3] = [("mode", "flat"), ("peers", "swarm"), ("vni", "77")];

async fn discover(house: &House, change: DiscoveryChange, address: &str, own: bool) {
    let discovery = Discovery { change, address: address.parse().unwrap(), own };
    house.driver.discover(context(), discovery).await.unwrap();
}

/// The peers of the network's mesh as it stands, and the mesh's name.
fn mesh(house: &House) -> (Vec<String>, Option<InterfaceName>) {
    mesh_of(house, NETWORK)
}

fn mesh_of(house: &House, id: &str) -> (Vec<String>, Option<InterfaceName>) {
    let its = world(house).into_iter().filter(|((network, ..), _)| network == id);
    let tunnel = its.map(|(_, step)| step).find_map(|step| match step.action {
        Action::Tunnel(tunnel) => Some((tunnel.peers, step.name)),
        _ => None,
    });
    let (peers, name) = tunnel.expect("a mesh");
    (peers.iter().map(ToString::to_string).collect(), name)
}

fn link(house: &House) -> (Option<InterfaceName>, Option<u16>) {
    let port = world(house).into_values().find_map(|step| match step.action {
        Action::EndpointPort(port) => Some((step.name, port.mtu)),
        _ => None,
    });
    port.expect("a container's link")
}

async fn becomes(house: &House, peers: &[&str]) {
    until(async || mesh(house).0 == peers).await;
}

/// A network of the swarm, with one other host there, and a container on it.
async fn joined() -> House {
    let house = House::new().await;
    discover(&house, DiscoveryChange::Found, "192.0.2.1", true).await;
    discover(&house, DiscoveryChange::Found, "192.0.2.2", false).await;
    house.create(&SWARM).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.join(ENDPOINT).await.unwrap();
    house
}

async fn created() {
    let house = joined().await;
    assert_eq!(mesh(&house).0, ["192.0.2.2"], "not this host itself");
    // The world's links carry 9000 bytes.
    assert_eq!(link(&house).1, Some(8942));
}

async fn followed() {
    let house = joined().await;
    let (before, name) = (link(&house), mesh(&house).1);
    discover(&house, DiscoveryChange::Found, "192.0.2.3", false).await;
    becomes(&house, &["192.0.2.2", "192.0.2.3"]).await;
    discover(&house, DiscoveryChange::Lost, "192.0.2.2", false).await;
    becomes(&house, &["192.0.2.3"]).await;
    assert_eq!((link(&house), mesh(&house).1), (before, name), "all stands where it stood");
    let detail = house.inspect().await;
    assert!(format!("{detail:?}").contains("192.0.2.3"), "what is told is what is so: {detail:?}");
    house.restart().await.delete(NETWORK).await;
}

async fn remembered() {
    let house = joined().await;
    house.fake.world().change_fails = true;
    discover(&house, DiscoveryChange::Found, "192.0.2.3", false).await;
    let house = house.restart_around(|| ()).await;
    assert_eq!(mesh(&house).0, ["192.0.2.2"]);
    house.fake.world().change_fails = false;
    becomes(&house, &["192.0.2.2", "192.0.2.3"]).await;
}

async fn again() {
    let house = joined().await;
    house.fake.world().change_fails = true;
    discover(&house, DiscoveryChange::Found, "192.0.2.3", false).await;
    until(async || house.fake.world().turns > 0).await;
    house.fake.world().change_fails = false;
    becomes(&house, &["192.0.2.2", "192.0.2.3"]).await;
}

async fn early() {
    let house = House::new().await;
    house.create(&SWARM).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.join(ENDPOINT).await.unwrap();
    let before = link(&house);
    assert_eq!((mesh(&house).0.len(), before.1), (0, Some(1422)));
    discover(&house, DiscoveryChange::Found, "192.0.2.1", true).await;
    discover(&house, DiscoveryChange::Found, "192.0.2.2", false).await;
    becomes(&house, &["192.0.2.2"]).await;
    assert_eq!(link(&house), before, "whatever the ways to the hosts that came would carry");
}

fn docker_has(house: &House, own: Option<&str>, peers: &[&str]) {
    let address = |text: &&str| text.parse().unwrap();
    let swarm = Swarm { own: own.as_ref().map(address), peers: peers.iter().map(address).collect() };
    house.fake.world().swarm = Some(swarm);
}

async fn asked() {
    let house = House::new().await;
    docker_has(&house, Some("192.0.2.1"), &["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
    // All that Docker says to a driver that it uses for the first time.
    discover(&house, DiscoveryChange::Found, "192.0.2.1", true).await;
    house.create(&SWARM).await.unwrap();
    becomes(&house, &["192.0.2.2", "192.0.2.3"]).await;

    docker_has(&house, Some("192.0.2.1"), &["192.0.2.3"]);
    let house = house.restart().await;
    becomes(&house, &["192.0.2.3"]).await;

    // This host leaves: Docker tells the others.
    docker_has(&house, None, &[]);
    house.reconcile().await;
    becomes(&house, &[]).await;
}

async fn fresh() {
    let house = House::new().await;
    docker_has(&house, Some("192.0.2.1"), &[]);
    house.create(&SWARM).await.unwrap();
    discover(&house, DiscoveryChange::Found, "192.0.2.2", false).await;
    let before = house.fake.world().asked;
    until(async || {
        house.reconcile().await;
        house.fake.world().asked >= before + 3
    })
    .await;
    discover(&house, DiscoveryChange::Found, "192.0.2.3", false).await;
    becomes(&house, &["192.0.2.2", "192.0.2.3"]).await;
    discover(&house, DiscoveryChange::Lost, "192.0.2.2", false).await;
    becomes(&house, &["192.0.2.3"]).await;
}

async fn untold() {
    let house = House::new().await;
    house.create(&SWARM).await.unwrap();
    let says = |words: &'static str| {
        let house = &house;
        move || async move { format!("{:?}", house.inspect().await.drift).contains(words) }
    };
    until(says("knows no other host: Docker does not answer")).await;
    assert_eq!(house.driver.status().await.unwrap().counts.alone, 1);
    house.fake.world().change_fails = true;
    discover(&house, DiscoveryChange::Found, "192.0.2.2", false).await;
    until(says("not those to the swarm's hosts yet")).await;
    house.fake.world().change_fails = false;
    becomes(&house, &["192.0.2.2"]).await;
    house.reconcile().await;
    until(async || house.inspect().await.drift.is_empty()).await;
    assert_eq!(house.driver.status().await.unwrap().counts.alone, 0);
}

async fn named() {
    let house = House::new().await;
    house.create(&[("mode", "flat"), ("peers", "192.0.2.9,192.0.2.8"), ("vni", "77")]).await.unwrap();
    // One that follows says when that was done, for the first host at the latest once it has the second.
    house.create_in(OTHER, "10.8.0.0/24", &[("mode", "flat"), ("peers", "swarm"), ("vni", "78")]).await.unwrap();
    discover(&house, DiscoveryChange::Found, "192.0.2.2", false).await;
    until(async || mesh_of(&house, OTHER).0 == ["192.0.2.2"]).await;
    let house = house.restart().await;
    discover(&house, DiscoveryChange::Found, "192.0.2.3", false).await;
    until(async || mesh_of(&house, OTHER).0 == ["192.0.2.2", "192.0.2.3"]).await;
    assert_eq!(mesh(&house).0, ["192.0.2.8", "192.0.2.9"]);
}
