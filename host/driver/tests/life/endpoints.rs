//! Endpoints: planned, joined, left, deleted, in every order that Docker and accidents can make.

use std::sync::Arc;
use std::time::Duration;

use admin::Operations;
use docker_api::{AddressData, CreateEndpoint, NetworkDriver};
use libtest_mimic::Trial;
use plan::{EndpointId, HostInterface, NetworkId};
use plumbing::Event;
use tokio::time::timeout;

use crate::house::{ENDPOINT, House, LONG, NETWORK, context, endpoint, network, until};
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("creating an endpoint asks, checks and writes, and performs nothing", created),
        test("a mode is told of an endpoint what it was told of its network", told),
        test("a MAC address of the user's is kept and not echoed", given_mac),
        test("join performs, leave undoes, delete forgets", whole_life),
        test("interfaces are named as Docker's own key says", named_by_docker),
        test("joining twice is a success", joined_twice),
        test("a container that comes back gets links of new names", fresh_names),
        test("a join that fails can be tried again", join_fails),
        test("a new holder of an address retires the old one", predecessor),
        test("a new holder of two addresses retires two, while the network waits to be looked at", predecessors),
        test("what waits to be undone does not take its address back", successor),
        test("an endpoint whose link is gone is broken, and forgotten with its container", vanished),
        test("a network that is deleted takes its endpoints along", with_the_network),
        test("an option that nobody knows is refused", unknown_option),
        test("an address or MAC address that no container can have is refused as the user's", strays),
        test("a name that no interface can have is refused as the user's", bad_name),
        test("an endpoint that is not known is said so", unknown),
    ]
}

async fn created() {
    let house = House::new().await;
    house.create(&[]).await.unwrap();
    let before = house.fake.kinds();
    let created = house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    assert_eq!(created.ipv4, None, "an address that Docker chose is never echoed");
    let mac = created.mac.unwrap();
    assert_eq!(house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap().mac, Some(mac), "the same for the same address");
    assert_eq!(house.fake.kinds(), before);
    let error = house.endpoint(ENDPOINT, "10.9.0.3/24").await.unwrap_err();
    assert!(error.message().contains("exists already"), "{error}");
}

async fn told() {
    let house = House::new().await;
    let link = HostInterface { name: "eth1".to_owned(), index: 7, mtu: 9000, ..HostInterface::default() };
    house.fake.world().facts.interfaces = vec![link];
    house.create(&[("mode", "flat"), ("uplink", "eth1")]).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    assert_eq!(house.fake.world().looks, 1, "nobody looks at the host for an endpoint");
    let detail = house.inspect().await;
    assert_eq!(detail.facts["uplink.mtu"], 9000);
    assert_eq!(detail.endpoint_list[0].facts, detail.facts);
}

async fn given_mac() {
    let house = House::new().await;
    house.create(&[]).await.unwrap();
    let mut request = endpoint(ENDPOINT, "10.9.0.2/24");
    request.mac = Some(docker_api::MacAddress([2, 0, 0, 0, 0, 9]));
    let created = house.driver.create_endpoint(context(), request).await.unwrap();
    assert_eq!(created.mac, None);
    assert_eq!(house.inspect().await.endpoint_list[0].mac, "02:00:00:00:00:09");
}

async fn whole_life() {
    let house = House::new().await;
    house.create(&[]).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    let joined = house.join(ENDPOINT).await.unwrap();
    assert!(joined.interface.source.starts_with("ovc"), "{joined:?}");
    assert_eq!(joined.interface.prefix, "eth");
    assert_eq!(joined.gateway_ipv4, Some("10.9.0.1".parse().unwrap()));
    assert!(house.fake.kinds().contains(&"endpoint-port".to_owned()));
    house.leave(ENDPOINT).await;
    assert!(!house.fake.kinds().contains(&"endpoint-port".to_owned()));
    house.remove(ENDPOINT).await;
    assert!(house.inspect().await.endpoint_list.is_empty());
}

async fn named_by_docker() {
    let house = House::new().await;
    let key = "com.docker.network.container_iface_prefix";
    let error = house.create(&[(key, "../x")]).await.unwrap_err();
    assert!(error.message().contains(key) && error.message().contains("../x"), "{error}");
    house.create(&[(key, "lan")]).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    assert_eq!(house.join(ENDPOINT).await.unwrap().interface.prefix, "lan");
}

async fn joined_twice() {
    let house = House::joined().await;
    let again = house.join(ENDPOINT).await.unwrap();
    assert_eq!(again, house.join(ENDPOINT).await.unwrap());
}

async fn fresh_names() {
    let house = House::joined().await;
    house.leave(ENDPOINT).await;
    house.join(ENDPOINT).await.unwrap();
    let names = house.fake.world().names.clone();
    let unique: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(unique.len(), names.len(), "{names:?}");
}

async fn join_fails() {
    let house = House::new().await;
    house.create(&[]).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.fake.world().perform_fails = Some("could not open network device");
    let error = house.join(ENDPOINT).await.unwrap_err();
    assert!(error.message().contains("could not open network device"), "{error}");
    house.fake.world().perform_fails = None;
    house.join(ENDPOINT).await.unwrap();
}

async fn predecessor() {
    let house = House::joined().await;
    house.endpoint("another", "10.9.0.2/24").await.unwrap();
    assert!(!house.fake.kinds().contains(&"endpoint-port".to_owned()), "Docker never said that the old one is gone");
    let endpoints = house.inspect().await.endpoint_list;
    assert_eq!(endpoints.iter().map(|endpoint| endpoint.id.as_str()).collect::<Vec<_>>(), ["another"]);
}

async fn predecessors() {
    let house = House::new().await;
    let mut both = network(NETWORK, &[]);
    let (pool, gateway) = (Some("fd09::/64".parse().unwrap()), Some("fd09::1/64".parse().unwrap()));
    both.ipv6.push(AddressData { pool, gateway, ..both.ipv4[0].clone() });
    house.driver.create_network(context(), both).await.unwrap();
    let of = |id: &str, v4: &str, v6: &str| CreateEndpoint { ipv6: Some(v6.parse().unwrap()), ..endpoint(id, v4) };
    for (id, v4, v6) in [("one", "10.9.0.2/24", "fd09::2/64"), ("two", "10.9.0.3/24", "fd09::3/64")] {
        house.driver.create_endpoint(context(), of(id, v4, v6)).await.unwrap();
        house.join(id).await.unwrap();
    }
    house.fake.world().undo_hangs = true;
    let driver = Arc::clone(&house.driver);
    let new = of("new", "10.9.0.2/24", "fd09::3/64");
    let creating = tokio::spawn(async move { driver.create_endpoint(context(), new).await });
    let asked_for = || house.fake.world().waiting;
    until(async || asked_for() == 1).await;
    let driver = Arc::clone(&house.driver);
    let looking = tokio::spawn(async move { Operations::reconcile(&*driver, None).await });
    // It has to wait for the network, and whoever wants to read it now has to wait for this one.
    tokio::time::sleep(Duration::from_millis(200)).await;
    house.fake.world().undo_hangs = false;
    house.fake.go_on.notify_waiters();
    timeout(LONG, creating).await.expect("nobody waits for the other").unwrap().unwrap();
    timeout(LONG, looking).await.expect("nobody waits for the other").unwrap().unwrap();
    let left: Vec<_> = house.inspect().await.endpoint_list.into_iter().map(|endpoint| endpoint.id).collect();
    assert_eq!(left, ["new"]);
}

async fn successor() {
    let house = House::joined().await;
    house.fake.world().undo_fails = true;
    house.endpoint("another", "10.9.0.2/24").await.unwrap();
    house.reconcile().await;
    house.fake.world().undo_fails = false;
    house.reconcile().await;
    let ids = async || -> Vec<String> {
        house.inspect().await.endpoint_list.into_iter().map(|endpoint| endpoint.id).collect()
    };
    assert_eq!(ids().await, ["another"]);
    house.endpoint("third", "10.9.0.2/24").await.unwrap();
    assert_eq!(ids().await, ["third"]);
}

async fn vanished() {
    let house = House::new().await;
    house.create(&[]).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    let sandboxes = tempfile::tempdir().unwrap();
    let sandbox = sandboxes.path().join("1");
    std::fs::write(&sandbox, "").unwrap();
    house.join_in(ENDPOINT, sandbox.to_str().unwrap()).await.unwrap();
    house.fake.world().vanished.insert(ENDPOINT.to_owned());
    house.fake.say(Event::LinkGone {
        network: NetworkId::new(NETWORK).unwrap(),
        endpoint: Some(EndpointId::new(ENDPOINT).unwrap()),
        name: "ove1".to_owned(),
    });
    until(async || house.inspect().await.endpoint_list[0].state == admin::report::EndpointState::Broken).await;
    assert!(!house.fake.kinds().contains(&"endpoint-port".to_owned()), "what was left of it is gone");
    let problem = house.inspect().await.endpoint_list[0].problem.clone().unwrap();
    assert!(problem.contains("restart its container"), "{problem}");
    house.reconcile().await;
    assert_eq!(house.inspect().await.endpoint_list.len(), 1, "its container is still there");
    std::fs::remove_file(&sandbox).unwrap();
    house.reconcile().await;
    assert!(house.inspect().await.endpoint_list.is_empty());
}

async fn with_the_network() {
    let house = House::joined().await;
    house.delete(NETWORK).await;
    assert!(house.fake.kinds().is_empty());
    house.leave(ENDPOINT).await;
    house.remove(ENDPOINT).await;
}

async fn unknown_option() {
    let house = House::new().await;
    house.create(&[]).await.unwrap();
    let mut request = endpoint(ENDPOINT, "10.9.0.2/24");
    request.options.driver.insert("ifnam".to_owned(), "lan0".to_owned());
    let refused = house.driver.create_endpoint(context(), request).await;
    let error = refused.unwrap_err();
    assert!(error.message().contains("ifnam") && error.message().contains("ifname"), "{error}");
    let mut request = endpoint(ENDPOINT, "10.9.0.2/24");
    request.options.docker.insert("com.docker.network.driver.mtu".to_owned(), "1400".into());
    let error = house.driver.create_endpoint(context(), request).await.unwrap_err();
    assert!(error.message().contains("com.docker.network.driver.mtu is the network's"), "{error}");
    let mut request = endpoint(ENDPOINT, "10.9.0.2/24");
    request.options.driver.insert("vlan".to_owned(), "7".to_owned());
    let error = house.driver.create_endpoint(context(), request).await.unwrap_err();
    assert!(error.message().starts_with("option vlan belongs to modes flat and vlan"), "{error}");
    assert!(house.inspect().await.endpoint_list.is_empty());
}

async fn strays() {
    let house = House::new().await;
    house.create(&[("mode", "flat")]).await.unwrap();
    for (address, mac, said) in [
        ("192.168.77.5/24", None, "address 192.168.77.5/24: it is in none of the network's pools [10.9.0.0/24]"),
        ("10.9.0.255/24", None, "address 10.9.0.255/24: it names all of 10.9.0.0/24"),
        ("10.9.0.2/24", Some([0xff; 6]), "MAC address ff:ff:ff:ff:ff:ff: it names no single station"),
        ("10.9.0.2/24", Some([0; 6]), "MAC address 00:00:00:00:00:00: it names no single station"),
    ] {
        let request = CreateEndpoint { mac: mac.map(docker_api::MacAddress), ..endpoint(ENDPOINT, address) };
        let error = house.driver.create_endpoint(context(), request).await.unwrap_err();
        assert!(error.message().starts_with(said), "{error}");
        assert!(house.inspect().await.endpoint_list.is_empty());
    }
}

async fn bad_name() {
    let house = House::new().await;
    house.create(&[]).await.unwrap();
    let mut request = endpoint(ENDPOINT, "10.9.0.2/24");
    request.options.interface_name = Some("a/b".to_owned());
    let error = house.driver.create_endpoint(context(), request).await.unwrap_err();
    assert!(error.message().starts_with("\"a/b\" cannot name an interface"), "{error}");
    assert!(error.message().ends_with("(option ifname)"), "{error}");
}

async fn unknown() {
    let house = House::new().await;
    let error = house.join(ENDPOINT).await.unwrap_err();
    assert!(error.message().contains("not known to this driver"), "{error}");
    house.leave(ENDPOINT).await;
    house.remove(ENDPOINT).await;
}
