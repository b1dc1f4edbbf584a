//! Containers on several networks of which not all publish: who does is asked, network by network.

use docker_api::{
    CreateEndpoint, CreateNetwork, EndpointId, EndpointOptions, EndpointRef, Join, NetworkDriver, NetworkId,
    PortBinding, ProgramExternalConnectivity, Refusal,
};
use libtest_mimic::Trial;

use crate::house::{ENDPOINT, House, NETWORK, OTHER, binding, context, free_port, network_in};
use crate::listening::{Stranger, is_free};
use crate::test;

/// The network of mode ovn, and the container's endpoint there; [`NETWORK`] is flat, [`OTHER`] of mode nat.
const LOGICAL: &str = "d7082ded43d3b362c2b913dae6ee17a8afb51ef0e2a2e19db122d4b5fea67142";
const ON_LOGICAL: &str = "4f2497db76a577c0f0ff0f8056b657a003bd7636d7fd984b875d5ad9a5d3fedf";
const ON_NAT: &str = "3f2497db76a577c0f0ff0f8056b657a003bd7636d7fd984b875d5ad9a5d3fedf";

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a network whose mode refuses to publish is passed over", passed_over),
        test(
            "a network whose mode refuses takes nothing over when it joins, nor when another one leaves",
            not_taken_over,
        ),
        test("what nobody publishes may be busy, though a mode of the container publishes elsewhere", nobody),
        test("what a router will not publish is published by another network", not_at_router),
        test("who is asked and publishes does so, whoever else would", asked_first),
    ]
}

/// A container on a flat network; beside it a network of mode nat and one of mode ovn, that the container is not on.
async fn on_flat(publish: &str, egress: &str) -> House {
    let house = House::new().await;
    house.create(&[("mode", "flat"), ("publish", publish)]).await.unwrap();
    house.create_in(OTHER, "10.8.0.0/24", &[("mode", "nat")]).await.unwrap();
    let logical = network_in(LOGICAL, "10.7.0.0/24", &[("mode", "ovn"), ("egress", egress)]);
    let mut ipv6 = network_in(LOGICAL, "fd07::/64", &[]).ipv4;
    ipv6[0].gateway = Some("fd07::1/64".parse().unwrap());
    house.driver.create_network(context(), CreateNetwork { ipv6, ..logical }).await.unwrap();
    connect(&house, NETWORK, ENDPOINT, "10.9.0.2/24").await;
    house
}

fn reference(network: &str, endpoint: &str) -> EndpointRef {
    EndpointRef { network: NetworkId::new(network).unwrap(), endpoint: EndpointId::new(endpoint).unwrap() }
}

async fn connect(house: &House, network: &str, id: &str, address: &str) {
    let EndpointRef { network, endpoint } = reference(network, id);
    // Of those that would, the one with the most addresses is asked first.
    let ipv6 = (id == ON_LOGICAL).then(|| "fd07::3/64".parse().unwrap());
    let request = CreateEndpoint {
        network: network.clone(),
        endpoint: endpoint.clone(),
        ipv4: Some(address.parse().unwrap()),
        ipv6,
        mac: None,
        options: EndpointOptions::default(),
    };
    house.driver.create_endpoint(context(), request).await.unwrap();
    let sandbox_key = "/nowhere/netns/1".to_owned();
    let request = Join { network, endpoint, sandbox_key, options: EndpointOptions::default() };
    house.driver.join(context(), request).await.unwrap();
}

async fn connect_nat(house: &House) {
    connect(house, OTHER, ON_NAT, "10.8.0.3/24").await;
}

async fn connect_ovn(house: &House) {
    connect(house, LOGICAL, ON_LOGICAL, "10.7.0.3/24").await;
}

async fn disconnect_nat(house: &House) {
    house.driver.leave(context(), reference(OTHER, ON_NAT)).await.unwrap();
    house.driver.delete_endpoint(context(), reference(OTHER, ON_NAT)).await.unwrap();
}

async fn program(house: &House, network: &str, id: &str, port_map: Vec<PortBinding>) -> Result<(), Refusal> {
    let EndpointRef { network, endpoint } = reference(network, id);
    let options = EndpointOptions { port_map, ..EndpointOptions::default() };
    let request = ProgramExternalConnectivity { network, endpoint, options };
    house.driver.program_external_connectivity(context(), request).await
}

/// The host ports that are published, each with the mode of the network that does.
async fn published(house: &House) -> Vec<(&'static str, u16)> {
    let mut found = Vec::new();
    for (network, mode) in [(NETWORK, "flat"), (OTHER, "nat"), (LOGICAL, "ovn")] {
        let detail = admin::Operations::network(&*house.driver, network.parse().unwrap()).await.unwrap();
        let published = detail.endpoint_list.iter().flat_map(|endpoint| &endpoint.published);
        found.extend(published.map(|port| (mode, port.host_port)));
    }
    found
}

/// Whether it is told that nobody publishes what the container's endpoint on the flat network was asked for.
async fn is_unheard(house: &House) -> bool {
    let endpoint = house.inspect().await.endpoint_list.remove(0);
    endpoint.problem.is_some_and(|problem| problem.contains("published by nobody"))
}

async fn passed_over() {
    for publish in ["refuse", "ignore"] {
        let (house, port) = (on_flat(publish, "none").await, free_port());
        connect_ovn(&house).await;
        connect_nat(&house).await;
        for _ in 0..2 {
            house.program(ENDPOINT, &[port]).await.unwrap();
            assert_eq!(published(&house).await, [("nat", port)], "publish={publish}");
            assert!(!is_free(port) && !is_unheard(&house).await);
        }
        house.revoke(ENDPOINT).await;
        assert!(published(&house).await.is_empty() && is_free(port));
    }
}

async fn not_taken_over() {
    let (house, port) = (on_flat("ignore", "none").await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    connect_ovn(&house).await;
    assert!(is_free(port) && is_unheard(&house).await);
    connect_nat(&house).await;
    assert_eq!(published(&house).await, [("nat", port)]);
    assert!(!is_free(port) && !is_unheard(&house).await);
    disconnect_nat(&house).await;
    assert!(published(&house).await.is_empty());
    assert!(is_free(port) && is_unheard(&house).await);
}

/// A router publishes at its own address, and this host is not in its network: nothing is relayed there.
async fn nobody() {
    let everywhere = |port| PortBinding { host_address: None, ..binding(port) };
    for egress in ["none", "external"] {
        let (house, stranger) = (on_flat("ignore", egress).await, Stranger::on(0));
        connect_ovn(&house).await;
        program(&house, NETWORK, ENDPOINT, vec![everywhere(stranger.port())]).await.unwrap();
        assert!(published(&house).await.is_empty(), "egress={egress}");
        assert!(is_unheard(&house).await);

        let (house, port) = (on_flat("refuse", egress).await, free_port());
        connect_ovn(&house).await;
        let refused = program(&house, NETWORK, ENDPOINT, vec![everywhere(port)]).await.unwrap_err();
        assert!(refused.message().contains("publish=ignore"), "the mode that was asked says it: {refused}");
        assert!(is_free(port));
    }
}

async fn not_at_router() {
    let (house, port) = (on_flat("ignore", "external").await, free_port());
    connect_ovn(&house).await;
    let refused = program(&house, LOGICAL, ON_LOGICAL, vec![binding(port)]).await.unwrap_err();
    assert!(refused.message().contains("none of 203.0.113.10 fits"), "{refused}");
    connect_nat(&house).await;
    program(&house, LOGICAL, ON_LOGICAL, vec![binding(port)]).await.unwrap();
    assert_eq!((published(&house).await, is_free(port)), (vec![("nat", port)], false));
    let any = PortBinding { host_address: "203.0.113.99".parse().ok(), host_port: 0, host_port_end: 0, ..binding(0) };
    disconnect_nat(&house).await;
    let refused = program(&house, LOGICAL, ON_LOGICAL, vec![any]).await.unwrap_err();
    assert!(refused.message().contains("none of 203.0.113.10 fits"), "{refused}");
}

async fn asked_first() {
    let house = on_flat("ignore", "external").await;
    connect_nat(&house).await;
    connect_ovn(&house).await;
    let (any, port) = (PortBinding { host_port: 0, host_port_end: 0, ..binding(0) }, free_port());
    let at_router = PortBinding { host_address: "203.0.113.10".parse().ok(), ..any };
    program(&house, LOGICAL, ON_LOGICAL, vec![at_router]).await.unwrap();
    let [("ovn", at_router)] = published(&house).await[..] else { panic!("{:?}", published(&house).await) };
    program(&house, OTHER, ON_NAT, vec![binding(port)]).await.unwrap();
    assert_eq!(published(&house).await, [("nat", port), ("ovn", at_router)]);
}
