//! Containers on several networks: their ports are published by the endpoint that can, whichever Docker asks.

use docker_api::{EndpointRef, Join, NetworkDriver, NetworkId, Refusal};
use libtest_mimic::Trial;

use crate::house::{ENDPOINT, House, NETWORK, OTHER, context, endpoint, free_port, reference};
use crate::listening::{Stranger, is_free};
use crate::test;

/// The container's endpoint on the nat network, which has the id [`OTHER`]; [`ENDPOINT`] is on the flat one.
const ROUTED: &str = "3f2497db76a577c0f0ff0f8056b657a003bd7636d7fd984b875d5ad9a5d3fedf";
const SANDBOX: &str = "/nowhere/netns/1";
const NOBODY: &str = "published by nobody";

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("nat publishes what flat is asked for", through_nat),
        test("nat that joins later publishes what flat was asked for", joined_later),
        test("the way out moves from flat to nat and back", moved),
        test("nat of another container publishes nothing of this one's", another_container),
        test("a port that is busy when nat joins fails that join", busy_at_join),
    ]
}

/// A flat network with the container on it, and a nat network without.
async fn on_flat(publish: &str) -> House {
    let house = House::new().await;
    house.create(&[("mode", "flat"), ("publish", publish)]).await.unwrap();
    house.create_in(OTHER, "10.8.0.0/24", &[("mode", "nat")]).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.join_in(ENDPOINT, SANDBOX).await.unwrap();
    house
}

fn routed() -> EndpointRef {
    EndpointRef { network: NetworkId::new(OTHER).unwrap(), ..reference(ROUTED) }
}

async fn connect(house: &House, sandbox: &str) -> Result<(), Refusal> {
    let EndpointRef { network, endpoint: id } = routed();
    let request = docker_api::CreateEndpoint { network: network.clone(), ..endpoint(ROUTED, "10.8.0.3/24") };
    house.driver.create_endpoint(context(), request).await?;
    let sandbox_key = sandbox.to_owned();
    let request = Join { network, endpoint: id, sandbox_key, options: docker_api::EndpointOptions::default() };
    house.driver.join(context(), request).await.map(|_| ())
}

async fn disconnect(house: &House) {
    house.driver.leave(context(), routed()).await.unwrap();
    house.driver.delete_endpoint(context(), routed()).await.unwrap();
}

/// What is said of the container's endpoint on the flat network.
async fn complaint(house: &House) -> String {
    let endpoint = house.inspect().await.endpoint_list.remove(0);
    assert!(endpoint.published.is_empty(), "a flat network publishes nothing by itself");
    endpoint.problem.unwrap_or_default()
}

/// The host ports that the nat network publishes.
async fn published(house: &House) -> Vec<u16> {
    let network = admin::Operations::network(&*house.driver, OTHER.parse().unwrap()).await.unwrap();
    network.endpoint_list.iter().flat_map(|endpoint| &endpoint.published).map(|port| port.host_port).collect()
}

async fn through_nat() {
    for publish in ["refuse", "ignore"] {
        let (house, port) = (on_flat(publish).await, free_port());
        connect(&house, SANDBOX).await.unwrap();
        house.program(ENDPOINT, &[port]).await.unwrap();
        house.program(ENDPOINT, &[port]).await.unwrap();
        assert_eq!((published(&house).await, is_free(port)), (vec![port], false), "publish={publish}");
        assert_eq!(complaint(&house).await, "");
        let house = house.restart().await;
        assert_eq!((published(&house).await, is_free(port)), (vec![port], false), "after a restart");
        house.revoke(ENDPOINT).await;
        assert_eq!((published(&house).await, is_free(port)), (vec![], true));
    }
}

async fn joined_later() {
    let (house, port) = (on_flat("ignore").await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    assert!(is_free(port) && complaint(&house).await.contains(NOBODY));
    let house = house.restart().await;
    for _ in 0..2 {
        connect(&house, SANDBOX).await.unwrap();
        assert_eq!((published(&house).await, is_free(port)), (vec![port], false));
        assert_eq!(complaint(&house).await, "");
        disconnect(&house).await;
        assert!(is_free(port) && complaint(&house).await.contains(NOBODY));
    }
    connect(&house, SANDBOX).await.unwrap();
    // Nobody revokes what a daemon that was killed had programmed.
    house.leave(ENDPOINT).await;
    assert_eq!((published(&house).await, is_free(port)), (vec![], true));
}

async fn moved() {
    let (house, port) = (on_flat("ignore").await, free_port());
    let (other, ports) = (routed(), [port]);
    let program = async || {
        let options = docker_api::EndpointOptions {
            port_map: ports.map(crate::house::binding).to_vec(),
            ..docker_api::EndpointOptions::default()
        };
        let EndpointRef { network, endpoint } = other.clone();
        let request = docker_api::ProgramExternalConnectivity { network, endpoint, options };
        house.driver.program_external_connectivity(context(), request).await.unwrap();
    };
    house.program(ENDPOINT, &ports).await.unwrap();
    connect(&house, SANDBOX).await.unwrap();
    house.revoke(ENDPOINT).await;
    program().await;
    assert_eq!((published(&house).await, is_free(port)), (vec![port], false));
    house.driver.revoke_external_connectivity(context(), other.clone()).await.unwrap();
    house.program(ENDPOINT, &ports).await.unwrap();
    assert_eq!((published(&house).await, is_free(port)), (vec![port], false));
    house.revoke(ENDPOINT).await;
    house.leave(ENDPOINT).await;
    program().await;
    assert_eq!((published(&house).await, is_free(port)), (vec![port], false));
    disconnect(&house).await;
    assert!(is_free(port));
}

async fn another_container() {
    let (house, port) = (on_flat("refuse").await, free_port());
    connect(&house, "/nowhere/netns/2").await.unwrap();
    let refused = house.program(ENDPOINT, &[port]).await.unwrap_err();
    assert!(refused.message().contains("publish=ignore"), "{refused}");
    assert_eq!((published(&house).await, is_free(port)), (vec![], true));
    assert_eq!(complaint(&house).await, "", "what was refused is not asked for");
    house.delete(NETWORK).await;
}

async fn busy_at_join() {
    let (house, port) = (on_flat("ignore").await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    let stranger = Stranger::on(port);
    let refused = connect(&house, SANDBOX).await.unwrap_err();
    assert!(refused.message().contains("has it"), "{refused}");
    assert!(complaint(&house).await.contains(NOBODY));
    assert_eq!(house.fake.kinds().iter().filter(|kind| *kind == "endpoint-port").count(), 1, "the join left nothing");
    stranger.ends().await;
    connect(&house, SANDBOX).await.unwrap();
    assert_eq!((published(&house).await, is_free(port)), (vec![port], false));
}
