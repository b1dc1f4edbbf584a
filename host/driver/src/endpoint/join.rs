//! Performing an endpoint's plan when a container joins.

use docker_api::{EndpointRef, InterfaceName, Join, Joined, StaticRoute};
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
    /// Gives a container its link, and publishes its ports if it was another network that was asked and could not.
    pub(crate) async fn join(&self, request: &Join, deadline: Instant) -> Result<Joined, Error> {
        let joined = self.join_alone(request, deadline).await?;
        let id = EndpointId::new(request.endpoint.as_str())?;
        if let Err(error) = self.take_over(&id, deadline).await {
            let endpoint = EndpointRef { network: request.network.clone(), endpoint: request.endpoint.clone() };
            self.leave(&endpoint, deadline).await?;
            return Err(error);
        }
        Ok(joined)
    }

    /// Gives a container its link and waits until Open vSwitch has the port; joined already is a success.
    async fn join_alone(&self, request: &Join, deadline: Instant) -> Result<Joined, Error> {
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
            EndpointState::Leaving if !self.undo_endpoint(&network, &mut record, deadline).await => {
                return Err(Error::EndpointGoing(id));
            }
            EndpointState::Left | EndpointState::Leaving => {
                record.plan.forget_names();
                record.plan = self.name(record.plan).await?;
                record.state = EndpointState::Planned;
                record.published = None;
                self.store.write(Batch::default().endpoint(&record)).await?;
            }
            _ => return Err(Error::EndpointGoing(id)),
        }
        record.sandbox = Some(request.sandbox_key.clone());
        self.perform_endpoint(&network, &record, deadline).await?;
        Ok(answer(&network, &record))
    }

    /// Performs an endpoint's plan and writes down that it is joined, side by side: a crash in between leaves a joined
    /// endpoint without a port, or with a link that no container takes; reconcile tells what to make of either.
    async fn perform_endpoint(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        deadline: Instant,
    ) -> Result<(), Error> {
        let in_state = |state| EndpointRecord { state, ..record.clone() };
        self.state.put_endpoint(in_state(EndpointState::Joining));
        let joined = in_state(EndpointState::Joined);
        let work = self.endpoint_work(network, record);
        let (written, performed) =
            tokio::join!(self.store.write(Batch::default().endpoint(&joined)), self.dataplane.perform(&work, deadline));
        let error = match (performed, written) {
            (Ok(()), Ok(())) => {
                self.state.put_endpoint(joined);
                return Ok(());
            }
            // Whatever was made is undone, and its names are spent.
            (Err(error), _) => error.into(),
            (Ok(()), Err(error)) => {
                if !self.undo_endpoint(network, &mut record.clone(), deadline).await {
                    self.state.put_endpoint(in_state(EndpointState::Leaving));
                    return Err(error.into());
                }
                error.into()
            }
        };
        self.put_left(record).await;
        Err(error)
    }

    /// Writes down that nothing is left of what an endpoint had.
    async fn put_left(&self, record: &EndpointRecord) {
        let left = EndpointRecord { state: EndpointState::Left, sandbox: None, ..record.clone() };
        self.write_endpoint(&left).await;
        self.state.put_endpoint(left);
    }
}

/// What Docker is told; it moves the link and sets addresses and routes by itself. Neither a gateway nor a word about it
/// would make Docker attach the container to `docker_gwbridge` too.
fn answer(network: &NetworkRecord, record: &EndpointRecord) -> Joined {
    let disable_gateway_service = needs_no_gateway_service(&record.plan.reply);
    let Reply { gateway, gateway6, routes, interface_prefix, interface_name, docker_gateway: _ } =
        record.plan.reply.clone();
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
        disable_gateway_service,
    }
}

/// Whether Docker is told to leave out `docker_gwbridge`: not where a gateway of this network says so by itself, nor where
/// that bridge is to be the way out.
fn needs_no_gateway_service(reply: &Reply) -> bool {
    !reply.docker_gateway && reply.gateway.is_none() && reply.gateway6.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockers_own_bridge_is_attached_where_a_mode_says_so_and_nowhere_else() {
        let gateway = Reply { gateway: "10.1.0.1".parse().ok(), ..Reply::default() };
        let dockers = Reply { docker_gateway: true, ..Reply::default() };
        assert!(needs_no_gateway_service(&Reply::default()), "else Docker would attach it");
        assert!(!needs_no_gateway_service(&gateway) && !needs_no_gateway_service(&dockers));
    }
}
