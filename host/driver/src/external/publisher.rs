//! Who publishes a container's ports: whoever of its endpoints is first whose mode says that it would, for that network and
//! these ports. What a manifest asks for does not tell, since one mode's networks differ. While it is not known who it is, no
//! port that a user named is bound: one that is busy is no trouble of a container that does not want it here.

use std::cmp::Reverse;
use std::net::IpAddr;

use plan::{Action, Admitted, EndpointId, PublishedPort};
use plumbing::Dataplane;

use super::addresses;
use crate::Driver;
use crate::error::Error;
use crate::planning::Asking;
use crate::publish::{AtRouter, Claimant, WantedPort};
use crate::record::{EndpointRecord, NetworkRecord};

impl<D: Dataplane> Driver<D> {
    /// The endpoint that publishes an endpoint's ports: itself if its mode does, else one of the same container whose mode
    /// does: the one that does already, or that has the most addresses, comes first.
    pub(super) async fn publisher(
        &self,
        record: &EndpointRecord,
        wanted: &[WantedPort],
    ) -> Result<Option<EndpointId>, Error> {
        let network = self.known_network(&record.network)?;
        let ports = self.name_ports(&network, record, wanted)?;
        match self.would_publish(&network, record, &ports).await {
            Ok(plan) if !plan.steps.is_empty() => return Ok(Some(record.endpoint.id.clone())),
            Ok(_) => {}
            Err(refused) if refused.is_refusal() => {}
            Err(error) => return Err(error),
        }
        let now = record.port_request().and_then(|request| request.by.as_ref());
        let rank = |mate: &EndpointRecord| (Some(&mate.endpoint.id) == now, mate.endpoint.addresses.len());
        let mut mates = self.mates(record);
        mates.sort_by_key(|mate| (Reverse(rank(mate)), mate.endpoint.id.clone()));
        for mate in mates {
            if self.would_relay(&mate, wanted).await {
                return Ok(Some(mate.endpoint.id.clone()));
            }
        }
        Ok(None)
    }

    /// Whether an endpoint publishes what another one of its container was asked for. That is relayed by this host, which
    /// has to be in its network therefore: what a router would publish at an address of its own is no help.
    pub(super) async fn would_relay(&self, record: &EndpointRecord, wanted: &[WantedPort]) -> bool {
        let asked = async {
            let network = self.known_network(&record.network)?;
            let ports = self.ports.name(claimant(record, &addresses(record)), wanted)?;
            self.would_publish(&network, record, &ports).await
        };
        match asked.await {
            Ok(plan) => plan.steps.iter().any(|step| matches!(step.action, Action::Publish(_))),
            Err(refused) if refused.is_refusal() => false,
            Err(error) => {
                tracing::warn!(endpoint = %record.endpoint.id, %error, "it publishes nothing for its container");
                false
            }
        }
    }

    /// Lets a mode that cannot publish say so; if it does not mind, nobody publishes the ports so far.
    pub(super) async fn refuse(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        wanted: &[WantedPort],
    ) -> Result<(), Error> {
        let ports = self.name_ports(network, record, wanted)?;
        self.plan_publish(&self.module_of(network).await?, network, record, &ports).await?;
        Ok(())
    }

    /// What a mode would plan for ports; nobody performs it.
    async fn would_publish(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        ports: &[PublishedPort],
    ) -> Result<Admitted, Error> {
        let mode = self.module_of(network).await?;
        self.plan_publish(Asking { mode: &mode, for_good: false }, network, record, ports).await
    }

    /// The ports that an endpoint would publish, for its mode to look at. Whether they are free is looked at when it does.
    fn name_ports(
        &self,
        network: &NetworkRecord,
        record: &EndpointRecord,
        wanted: &[WantedPort],
    ) -> Result<Vec<PublishedPort>, Error> {
        let addresses = addresses(record);
        let claimant = claimant(record, &addresses);
        if network.publishing_router().is_none() {
            return Ok(self.ports.name(claimant, wanted)?);
        }
        Ok(self.ports.settle_elsewhere(claimant, wanted, &[], &AtRouter::default())?.own().to_vec())
    }
}

fn claimant<'a>(record: &'a EndpointRecord, addresses: &'a [IpAddr]) -> Claimant<'a> {
    Claimant { endpoint: &record.endpoint.id, addresses, mates: &[] }
}
