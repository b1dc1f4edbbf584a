//! Planning an endpoint. Docker holds a lock on the whole network meanwhile: only ask, check and write down.

use docker_api::{CreateEndpoint, CreatedEndpoint};
use plan::{Admitted, Endpoint, EndpointId, HostFacts, MacAddress, NetworkId};
use plumbing::Dataplane;
use policy::{Loaded, Question, Scope};
use serde_json::{Map, Value};
use tokio::time::Instant;

use crate::error::Error;
use crate::lock::EndpointGuard;
use crate::planning::Asking;
use crate::record::{EndpointRecord, EndpointState, Given, NetworkRecord, NetworkState};
use crate::store::Batch;
use crate::{Driver, facts};

/// Docker's name for the option that names the interface, which it takes out of the options by itself.
const INTERFACE_NAME: &str = "com.docker.network.endpoint.ifname";

/// How Docker's keys for networks begin.
const NETWORKS: [&str; 2] = ["com.docker.network.bridge.", "com.docker.network.driver."];
/// What becomes of it: seen with Docker 20.10, 28 and 29.7.
const NAMED_IN_VAIN: &str = "option ifname: no Docker so far takes an interface's name from a driver, and calls it eth0 \
                             and so on all the same";

impl<D: Dataplane> Driver<D> {
    /// Plans an endpoint and writes it down; one that exists as asked for is a success.
    pub(crate) async fn create_endpoint(
        &self,
        request: &CreateEndpoint,
        deadline: Instant,
    ) -> Result<CreatedEndpoint, Error> {
        let network = NetworkId::new(request.network.as_str())?;
        let id = EndpointId::new(request.endpoint.as_str())?;
        let asked = format!("{request:?}");
        let alone = self.locks.endpoint(&network, &id).await;
        let network = self.known_network(&network)?;
        if network.state != NetworkState::Ready {
            return Err(Error::NetworkGoing(network.network.id.clone()));
        }
        if let Some(known) = self.state.endpoint(&id) {
            let same = known.request == asked && known.network == network.network.id;
            return if same { Ok(answer(request, &known.endpoint)) } else { Err(Error::EndpointExists(id)) };
        }
        self.retire_predecessors(&alone, &network, request, deadline).await;
        let mode = self.module_of(&network).await?;
        let given = given(request);
        let mut endpoint = self.describe(id, request, &given, &network, &mode)?;
        if let Some(live) = self.look_again(&network.network, &mode, deadline).await? {
            live.tell(&mut endpoint.facts);
        }
        let question = Question::Endpoint(network.network.clone(), endpoint.clone());
        let plan = self.name(self.planned_on(&mode, &question, &network.plan).await?).await?;
        if let Some(name) = &plan.reply.interface_name {
            tracing::warn!(endpoint = %endpoint.id, name, "{NAMED_IN_VAIN}");
        }
        let created = answer(request, &endpoint);
        let record = EndpointRecord {
            network: network.network.id.clone(),
            endpoint,
            given: Some(given),
            plan,
            state: EndpointState::Planned,
            boot: self.boot.clone(),
            sandbox: None,
            published: None,
            request: asked,
        };
        self.store.write(Batch::default().endpoint(&record)).await?;
        self.state.put_endpoint(record);
        Ok(created)
    }

    /// The admitted answer to a question about an endpoint. Such plans touch nothing but what the network's own plan, `of`,
    /// made, so there is no need to look at the host.
    pub(crate) async fn planned_on<'a>(
        &self,
        asking: impl Into<Asking<'a>> + Send,
        question: &Question,
        of: &Admitted,
    ) -> Result<Admitted, Error> {
        let asking = asking.into();
        let plan = self.consult(asking, question).await?;
        self.judge(asking, question, of, &HostFacts::default(), &plan)
    }

    fn describe(
        &self,
        id: EndpointId,
        request: &CreateEndpoint,
        given: &Given,
        network: &NetworkRecord,
        mode: &Loaded,
    ) -> Result<Endpoint, Error> {
        let owner = |key: &str, scope| self.catalog.owner_of(key, scope, mode.name());
        let options = mode.options(Scope::Endpoint, given, &owner)?;
        options.ignored.iter().for_each(|ignored| tracing::warn!(endpoint = %id, "{ignored}"));
        let addresses: Vec<_> = request.ipv4.into_iter().chain(request.ipv6).collect();
        let first = addresses.first().map(ipnet::IpNet::addr);
        let mac = match request.mac {
            Some(mac) => MacAddress(mac.0),
            None => MacAddress::of_endpoint(&network.network.id, &id, first),
        };
        // Docker holds its lock, and the network's plan stands on what was true then: nobody looks at the host again.
        let facts = facts::told(&mode.manifest().facts, &network.network.facts);
        Ok(Endpoint { id, mac, addresses, options: options.attributes, facts })
    }

    /// Docker gives an address out again only when its last holder is gone, and is not always there to say so (it was
    /// killed, say): the new holder retires the old one.
    async fn retire_predecessors(
        &self,
        alone: &EndpointGuard,
        network: &NetworkRecord,
        request: &CreateEndpoint,
        deadline: Instant,
    ) {
        let addresses = request.ipv4.iter().chain(&request.ipv6).map(ipnet::IpNet::addr);
        for id in addresses.filter_map(|address| self.state.holder_of(&network.network.id, address)) {
            tracing::warn!(endpoint = %id, "its address has a new holder: Docker never said that it is gone");
            let _too = self.locks.another(alone, &id).await;
            // The new holder needs no Open vSwitch yet, and the old one is undone when it is back.
            let deadline = if self.dataplane.health().connected { deadline } else { Instant::now() };
            if let Some(record) = self.state.endpoint(&id) {
                self.remove_endpoint(network, &record, deadline).await;
            }
        }
    }
}

/// The options of an endpoint, whichever way Docker hands them on.
fn given(request: &CreateEndpoint) -> Given {
    let mut given = request.options.driver.clone();
    given.extend(request.options.interface_name.clone().map(|name| (INTERFACE_NAME.to_owned(), name)));
    given.extend(of_networks(&request.options.docker));
    given
}

/// Docker's keys for networks, which only a user gives to an endpoint; the others it sends and acts on by itself.
fn of_networks(dockers: &Map<String, Value>) -> impl Iterator<Item = (String, String)> {
    let of_network = |key: &str| NETWORKS.iter().any(|start| key.starts_with(start));
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    dockers.iter().filter(move |(key, _)| of_network(key)).map(move |(key, value)| (key.clone(), text(value)))
}

/// Docker wants to hear of a MAC address only if it did not name one itself.
fn answer(request: &CreateEndpoint, endpoint: &Endpoint) -> CreatedEndpoint {
    match request.mac {
        Some(_) => CreatedEndpoint::default(),
        None => CreatedEndpoint { mac: Some(docker_api::MacAddress(endpoint.mac.0)), ..CreatedEndpoint::default() },
    }
}
