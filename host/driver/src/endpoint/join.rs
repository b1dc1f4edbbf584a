//! Performing an endpoint's plan when a container joins.

use docker_api::{InterfaceName, Join, Joined, StaticRoute};
use plan::{EndpointId, NetworkId, Reply};
use plumbing::Dataplane;
use tokio::time::Instant;

use crate::Driver;
use crate::error::Error;
use crate::record::{EndpointRecord, EndpointState, NetworkRecord};
use crate::store::Batch;

/// What Docker names interfaces with that nobody named.
const PREFIX: &str = "eth";

impl<D: Dataplane> Driver<D> {
    /// Gives a container its link and waits until Open vSwitch has the port; joined already is a success.
    pub(crate) async fn join(&self, request: &Join, deadline: Instant) -> Result<Joined, Error> {
        let network = NetworkId::new(request.network.as_str())?;
        let id = EndpointId::new(request.endpoint.as_str())?;
        let _alone = self.locks.endpoint(&network, &id).await;
        let network = self.known_network(&network)?;
        let known = self.known_endpoint(&id)?;
        let mut record = EndpointRecord::clone(&known);
        match known.state {
            EndpointState::Joined => return Ok(answer(&network, &known)),
            EndpointState::Planned => {}
            // A link's name is never used twice: a container that comes back gets new ones.
            EndpointState::Leaving if !self.undo_endpoint(&network, &record, deadline).await => {
                return Err(Error::EndpointGoing(id));
            }
            EndpointState::Left | EndpointState::Leaving => {
                record.plan = self.name(record.plan).await?;
                record.state = EndpointState::Planned;
                self.store.write(Batch::default().endpoint(&record)).await?;
            }
            _ => return Err(Error::EndpointGoing(id)),
        }
        record.state = EndpointState::Joining;
        self.state.put_endpoint(record.clone());
        let performed = self.dataplane.perform(&self.endpoint_work(&network, &record), deadline).await;
        record.state = EndpointState::Joined;
        record.sandbox = Some(request.sandbox_key.clone());
        if let Err(error) = performed {
            // Whatever was made is undone, and its names are spent.
            self.state.put_endpoint(EndpointRecord { state: EndpointState::Left, sandbox: None, ..record });
            return Err(error.into());
        }
        if let Err(error) = self.store.write(Batch::default().endpoint(&record)).await {
            let undone = self.undo_endpoint(&network, &record, deadline).await;
            let state = if undone { EndpointState::Left } else { EndpointState::Leaving };
            self.state.put_endpoint(EndpointRecord { state, sandbox: None, ..record });
            return Err(error.into());
        }
        let answer = answer(&network, &record);
        self.state.put_endpoint(record);
        Ok(answer)
    }
}

/// What Docker is told; it moves the link and sets addresses and routes by itself. Neither a gateway nor a word about it
/// would make Docker attach the container to `docker_gwbridge` too.
fn answer(network: &NetworkRecord, record: &EndpointRecord) -> Joined {
    let Reply { gateway, gateway6, routes, interface_prefix, interface_name } = record.plan.reply.clone();
    let dockers = network.interface_prefix.as_ref().map(ToString::to_string);
    let peer = record.plan.steps.iter().find_map(|step| step.peer.as_ref());
    Joined {
        interface: InterfaceName {
            source: peer.map(ToString::to_string).unwrap_or_default(),
            prefix: interface_prefix.or(dockers).unwrap_or_else(|| PREFIX.to_owned()),
            name: interface_name,
        },
        gateway_ipv4: gateway,
        gateway_ipv6: gateway6,
        routes: routes
            .into_iter()
            .map(|route| StaticRoute { destination: route.destination, next_hop: route.next_hop })
            .collect(),
        disable_gateway_service: gateway.is_none() && gateway6.is_none(),
    }
}
