//! Published ports: bound before the mode plans them, replaced whole, released for good.

use admin::Operations;
use admin::report::Health;
use docker_api::{
    CreateEndpoint, EndpointOptions, EndpointRef, Join, NetworkDriver, NetworkId, PortBinding,
    ProgramExternalConnectivity, Protocol,
};
use libtest_mimic::Trial;
use plumbing::Event;

use crate::house::{ENDPOINT, House, NETWORK, OTHER, binding, context, endpoint, free_port, reference, until};
use crate::listening::{Stranger, is_free, is_free_of_ipv6};
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a published port is held, and free again when it is revoked", held),
        test("a busy port is said, and leaves nothing", busy),
        test("programming again replaces", replaced),
        test("what is kept by a replacement stays held", kept),
        test("a replacement that fails leaves what was", not_replaced),
        test("a port of every address becomes one of every IPv4 address", narrowed),
        test("a port that was taken while the driver was down is held once it is free", taken),
        test(
            "a port that another program took is bound once that is gone, and said to be busy until then",
            bound_again,
        ),
        test("what is free of an endpoint's ports is bound though the rest is busy", bound_in_part),
        test("a port that an endpoint publishes without a socket is given to no other", kept_from_others),
        test("a port survives a restart of the driver", survives),
        test("leave releases what nobody revoked", released_by_leave),
        test("rules that cannot be made leave no socket", no_rules),
        test("what no container has joined with publishes nothing", not_joined),
        test("an SCTP port is had once, whether the kernel has sockets for it or not", sctp),
        test("flat refuses to publish, or ignores it if told so", flat),
        test("a port that nobody publishes may be busy", ignored),
        test("a port that a router publishes at its own address may be busy here, and is not held", elsewhere),
        test("a router publishes a port once: a range goes on, another VRF has its own, and what is had is kept", once),
    ]
}

fn published(house: &House) -> usize {
    house.fake.kinds().iter().filter(|kind| *kind == "publish").count()
}

async fn held() {
    let (house, port) = (House::joined().await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    assert!(!is_free(port));
    assert_eq!(published(&house), 1);
    assert_eq!(house.inspect().await.endpoint_list[0].published[0].host_port, port);
    house.revoke(ENDPOINT).await;
    assert_eq!(published(&house), 0);
    until(async || is_free(port)).await;
}

async fn busy() {
    let house = House::joined().await;
    let other = Stranger::on(0);
    let (taken, free) = (other.port(), free_port());
    let error = house.program(ENDPOINT, &[free, taken]).await.unwrap_err();
    assert!(error.message().contains(&taken.to_string()) && error.message().contains("has it"), "{error}");
    assert!(is_free(free));
    assert_eq!(published(&house), 0);
}

async fn replaced() {
    let (house, one, other) = (House::joined().await, free_port(), free_port());
    house.program(ENDPOINT, &[one]).await.unwrap();
    house.program(ENDPOINT, &[one]).await.unwrap();
    house.program(ENDPOINT, &[other]).await.unwrap();
    assert_eq!(published(&house), 1);
    until(async || is_free(one)).await;
    assert!(!is_free(other));
    house.program(ENDPOINT, &[]).await.unwrap();
    assert_eq!(published(&house), 0);
}

async fn kept() {
    let (house, one, other) = (House::joined().await, free_port(), free_port());
    for (ports, free) in [(vec![one], vec![other]), (vec![one, other], vec![]), (vec![other], vec![one])] {
        house.program(ENDPOINT, &ports).await.unwrap();
        assert_eq!(published(&house), ports.len());
        assert!(ports.iter().all(|port| !is_free(*port)), "{ports:?} are held");
        assert!(free.iter().all(|port| is_free(*port)), "{free:?} are not");
    }
}

async fn not_replaced() {
    let (house, one, other) = (House::joined().await, free_port(), free_port());
    house.program(ENDPOINT, &[one]).await.unwrap();
    let stranger = Stranger::on(other);
    assert!(house.program(ENDPOINT, &[one, other]).await.unwrap_err().message().contains("has it"));
    assert_eq!((published(&house), is_free(one)), (1, false));
    stranger.ends().await;

    house.fake.world().perform_fails = Some("no nft");
    assert!(house.program(ENDPOINT, &[one, other]).await.unwrap_err().message().contains("no nft"));
    assert_eq!((is_free(one), is_free(other)), (false, true));
    house.fake.world().perform_fails = None;
    house.reconcile().await;
    assert_eq!(published(&house), 1);
    assert_eq!(house.inspect().await.endpoint_list[0].published[0].host_port, one);
    house.program(ENDPOINT, &[one, other]).await.unwrap();
    assert_eq!(published(&house), 2);
}

async fn narrowed() {
    let (house, one, other) = (House::joined().await, free_port(), free_port());
    let everywhere = |port| PortBinding { host_address: None, ..binding(port) };
    let options = EndpointOptions { port_map: vec![everywhere(one)], ..EndpointOptions::default() };
    house.program_with(ENDPOINT, options).await.unwrap();
    assert!(!is_free_of_ipv6(one), "IPv6 is relayed");
    let port_map = vec![everywhere(one), everywhere(other)];
    let options = EndpointOptions { port_map, no_proxy_6_to_4: true, ..EndpointOptions::default() };
    house.program_with(ENDPOINT, options).await.unwrap();
    for port in [one, other] {
        assert!(!is_free(port) && is_free_of_ipv6(port), "port {port} is IPv4's alone");
    }
}

async fn taken() {
    let (house, port) = (House::joined().await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    let mut stranger = None;
    let house = house.restart_around(|| stranger = Some(Stranger::on(port))).await;
    assert!(house.program(ENDPOINT, &[port]).await.unwrap_err().message().contains("has it"));
    stranger.unwrap().ends().await;
    house.program(ENDPOINT, &[port]).await.unwrap();
    assert_eq!((published(&house), is_free(port)), (1, false));
}

/// A house whose only container lost a published port to another program.
async fn robbed(port: u16, others: &[u16]) -> (House, Stranger) {
    let house = House::joined().await;
    house.program(ENDPOINT, &[&[port], others].concat()).await.unwrap();
    let mut stranger = None;
    let house = house.restart_around(|| stranger = Some(Stranger::on(port))).await;
    (house, stranger.unwrap())
}

async fn bound_again() {
    let port = free_port();
    let (house, stranger) = robbed(port, &[]).await;
    let is_said = |text: &str| text.contains(&format!("published port 127.0.0.1 {port}/tcp has no socket"));
    let detail = house.inspect().await;
    assert!(detail.endpoint_list[0].problem.as_deref().is_some_and(is_said), "{:?}", detail.endpoint_list[0].problem);
    assert!(is_said(&detail.drift[0].problem) && detail.drift[0].repair.is_some(), "{:?}", detail.drift);
    assert_eq!(detail.summary.health, Health::Drifted);
    assert_eq!(house.driver.status().await.unwrap().counts.busy_ports, 1);
    let report = house.reconcile().await;
    assert!(report.broken.len() == 1 && is_said(&report.broken[0].problem), "{:?}", report.broken);
    assert_eq!(published(&house), 1, "its rule carries what comes from elsewhere");

    stranger.ends().await;
    // Nor does that need Open vSwitch.
    house.fake.world().away = true;
    house.fake.say(Event::Lost);
    until(async || !is_free(port)).await;
    house.fake.world().away = false;
    assert!(house.inspect().await.drift.is_empty());
    assert_eq!(house.driver.status().await.unwrap().counts.busy_ports, 0);
    house.revoke(ENDPOINT).await;
    until(async || is_free(port)).await;
}

async fn bound_in_part() {
    let (port, other) = (free_port(), free_port());
    let (house, stranger) = robbed(port, &[other]).await;
    assert!(!is_free(other));
    stranger.ends().await;
    let repaired = house.reconcile().await.repaired;
    assert!(repaired.iter().any(|change| change.kind == "published ports"), "{repaired:?}");
    assert!(!is_free(port) && !is_free(other));
    assert!(house.reconcile().await.repaired.is_empty());
}

async fn kept_from_others() {
    let port = free_port();
    let (house, stranger) = robbed(port, &[]).await;
    stranger.ends().await;
    house.endpoint("another", "10.9.0.3/24").await.unwrap();
    house.join_in("another", "/nowhere/netns/2").await.unwrap();
    assert!(house.program("another", &[port]).await.unwrap_err().message().contains("has it"));
    house.reconcile().await;
    assert!(!is_free(port), "it is still the first one's");
    house.leave(ENDPOINT).await;
    house.program("another", &[port]).await.unwrap();
    house.reconcile().await;
    let publishing = house.inspect().await.endpoint_list;
    let publishing: Vec<_> = publishing.iter().filter(|endpoint| !endpoint.published.is_empty()).collect();
    assert!(publishing.len() == 1 && publishing[0].id == "another", "{publishing:?}");
}

async fn survives() {
    let (house, port) = (House::joined().await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    let house = house.restart().await;
    assert!(!is_free(port));
    assert_eq!(published(&house), 1);
    house.revoke(ENDPOINT).await;
    assert_eq!(published(&house), 0);
}

async fn released_by_leave() {
    let (house, port) = (House::joined().await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    house.leave(ENDPOINT).await;
    assert_eq!(published(&house), 0);
    until(async || is_free(port)).await;
}

async fn no_rules() {
    let (house, port) = (House::joined().await, free_port());
    house.fake.world().perform_fails = Some("no nft");
    assert!(house.program(ENDPOINT, &[port]).await.unwrap_err().message().contains("no nft"));
    assert!(is_free(port));
    assert!(house.inspect().await.endpoint_list[0].published.is_empty());
}

async fn flat() {
    for (publish, accepted) in [("refuse", false), ("ignore", true)] {
        let (house, port) = (House::new().await, free_port());
        house.create(&[("mode", "flat"), ("publish", publish)]).await.unwrap();
        house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
        house.join(ENDPOINT).await.unwrap();
        assert_eq!(house.program(ENDPOINT, &[port]).await.is_ok(), accepted, "publish={publish}");
        assert!(is_free(port), "nothing is published by a flat network");
        house.delete(NETWORK).await;
    }
}

async fn not_joined() {
    let (house, port) = (House::new().await, free_port());
    house.create(&[]).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    let error = house.program(ENDPOINT, &[port]).await.unwrap_err();
    assert!(error.message().contains("no container has joined"), "{error}");
    assert!(is_free(port));
}

async fn sctp() {
    let house = House::joined().await;
    house.endpoint("another", "10.9.0.3/24").await.unwrap();
    house.join_in("another", "/nowhere/netns/2").await.unwrap();
    let everywhere = || PortBinding { protocol: Protocol::Sctp, host_address: None, ..binding(8080) };
    let of = |port_map| EndpointOptions { port_map, ..EndpointOptions::default() };
    let twice =
        house.program_with(ENDPOINT, of(vec![everywhere(), PortBinding { container_port: 81, ..everywhere() }]));
    assert!(twice.await.unwrap_err().message().contains("8080/sctp"));
    house.program_with(ENDPOINT, of(vec![everywhere()])).await.unwrap();
    let error = house.program_with("another", of(vec![everywhere()])).await.unwrap_err();
    assert!(error.message().contains("8080/sctp") && error.message().contains("has it"), "{error}");
    let range = PortBinding { host_port_end: 8081, ..everywhere() };
    house.program_with("another", of(vec![range])).await.unwrap();
    let ports = house.inspect().await.endpoint_list.into_iter().map(|endpoint| endpoint.published[0].host_port);
    assert_eq!(ports.collect::<std::collections::BTreeSet<_>>(), [8080, 8081].into());
}

async fn ignored() {
    let house = House::new().await;
    house.create(&[("mode", "flat"), ("publish", "ignore")]).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.join(ENDPOINT).await.unwrap();
    let stranger = Stranger::on(0);
    let busy = stranger.port();
    let any = PortBinding { host_port: 0, host_port_end: 0, ..binding(0) };
    let options = EndpointOptions { port_map: vec![binding(busy), any], ..EndpointOptions::default() };
    house.program_with(ENDPOINT, options).await.unwrap();
    assert_eq!(published(&house), 0);
}

async fn elsewhere() {
    let house = House::new().await;
    house.create(&[("mode", "ovn"), ("egress", "external")]).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.join(ENDPOINT).await.unwrap();
    let (stranger, free) = (Stranger::on(0), free_port());
    let busy = stranger.port();
    let at_router = |port| PortBinding { host_address: "203.0.113.10".parse().ok(), ..binding(port) };
    let everywhere = |port| PortBinding { host_address: None, ..binding(port) };
    let any = PortBinding { host_port: 0, host_port_end: 0, ..everywhere(0) };
    let options =
        EndpointOptions { port_map: vec![everywhere(busy), at_router(free), any], ..EndpointOptions::default() };
    house.program_with(ENDPOINT, options).await.unwrap();
    let balancers = |house: &House| house.fake.kinds().iter().filter(|kind| *kind == "load-balancer").count();
    assert_eq!(balancers(&house), 3);
    assert!(is_free(free));
    assert_eq!(house.inspect().await.endpoint_list[0].published.len(), 3, "they are its ports all the same");

    stranger.ends().await;
    let house = house.restart().await;
    assert_eq!((balancers(&house), is_free(busy), is_free(free)), (3, true, true));
    house.revoke(ENDPOINT).await;
    assert_eq!(balancers(&house), 0);
}

async fn once() {
    let house = House::new().await;
    let external = |vrf| [("mode", "ovn"), ("egress", "external"), ("vrf", vrf)];
    house.create(&external("red")).await.unwrap();
    house.create_as(OTHER, &external("blue")).await.unwrap();
    let [second, third] = ["2", "3"].map(|first| first.to_owned() + &ENDPOINT[1..].replace('f', "e"));
    for (id, address) in [(ENDPOINT, "10.9.0.2/24"), (second.as_str(), "10.9.0.3/24")] {
        house.endpoint(id, address).await.unwrap();
        house.join_in(id, &format!("/nowhere/netns/{id}")).await.unwrap();
    }
    let at_router = |first, last| PortBinding {
        host_address: "203.0.113.10".parse().ok(),
        host_port: first,
        host_port_end: last,
        ..binding(first)
    };
    let publishes = async |id: &str, ports: &[PortBinding]| {
        let options = EndpointOptions { port_map: ports.to_vec(), ..EndpointOptions::default() };
        house.program_with(id, options).await.map_err(|refusal| refusal.to_string())
    };
    let ports = async |id: &str| -> Vec<u16> {
        let endpoints = house.inspect().await.endpoint_list;
        let endpoint = endpoints.into_iter().find(|endpoint| endpoint.id.as_str() == id).unwrap();
        endpoint.published.iter().map(|port| port.host_port).collect()
    };
    publishes(ENDPOINT, &[at_router(80, 80), at_router(0, 0)]).await.unwrap();
    let had = ports(ENDPOINT).await;
    assert!(had[0] == 80 && had[1] > 80, "{had:?}");
    let everywhere = PortBinding { host_address: None, ..binding(80) };
    for taken in [at_router(80, 80), everywhere] {
        let said = publishes(&second, &[taken]).await.unwrap_err();
        assert!(said.contains("80/tcp cannot be published") && said.contains("choose another host port"), "{said}");
    }
    publishes(&second, &[at_router(80, 82)]).await.unwrap();
    assert_eq!(ports(&second).await, [81]);
    publishes(ENDPOINT, &[at_router(0, 0), at_router(80, 80), at_router(443, 443)]).await.unwrap();
    let now = ports(ENDPOINT).await;
    assert!(now.len() == 3 && had.iter().all(|port| now.contains(port)), "{had:?} in {now:?}");

    let blue = EndpointRef { network: NetworkId::new(OTHER).unwrap(), ..reference(&third) };
    let request = CreateEndpoint { network: blue.network.clone(), ..endpoint(&third, "10.9.0.2/24") };
    house.driver.create_endpoint(context(), request).await.unwrap();
    let EndpointRef { network, endpoint } = blue.clone();
    let (sandbox_key, options) = ("/nowhere/netns/3".to_owned(), EndpointOptions::default());
    house.driver.join(context(), Join { network, endpoint, sandbox_key, options }).await.unwrap();
    let EndpointRef { network, endpoint } = blue;
    let options = EndpointOptions { port_map: vec![at_router(80, 80)], ..EndpointOptions::default() };
    let request = ProgramExternalConnectivity { network, endpoint, options };
    house.driver.program_external_connectivity(context(), request).await.unwrap();
}
