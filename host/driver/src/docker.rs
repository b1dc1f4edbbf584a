//! What Docker asks for, answered by the driver.

use docker_api::{
    Context, CreateEndpoint, CreateNetwork, CreatedEndpoint, Discovery, EndpointRef, GatewaySkip, Join, Joined,
    NetworkDriver, NetworkId, NetworkOptions, ProgramExternalConnectivity, Refusal,
};
use plumbing::Dataplane;
use policy::{GatewayNeed, options};
use serde_json::{Map, Value, json};

use crate::Driver;
use crate::endpoint::ids;
use crate::error::Error;

impl<D: Dataplane> NetworkDriver for Driver<D> {
    /// Only a mode that needs a gateway address has Docker set one aside: nobody wants the router's own address taken, or
    /// one spent on a segment that has no router.
    async fn gw_alloc_check(&self, _: Context, options: NetworkOptions) -> Result<GatewaySkip, Refusal> {
        let mode = self.mode_named(options::mode_of(&options.generic)?).await?;
        let skip = mode.manifest().gateway != GatewayNeed::Required;
        Ok(GatewaySkip { ipv4: skip, ipv6: skip })
    }

    async fn create_network(&self, context: Context, request: CreateNetwork) -> Result<(), Refusal> {
        Ok(Driver::create_network(self, &request, context.deadline).await?)
    }

    async fn delete_network(&self, context: Context, network: NetworkId) -> Result<(), Refusal> {
        let id = plan::NetworkId::new(network.as_str())?;
        Ok(Driver::delete_network(self, &id, context.deadline).await?)
    }

    async fn create_endpoint(&self, context: Context, request: CreateEndpoint) -> Result<CreatedEndpoint, Refusal> {
        Ok(Driver::create_endpoint(self, &request, context.deadline).await?)
    }

    async fn endpoint_info(&self, _: Context, endpoint: EndpointRef) -> Result<Map<String, Value>, Refusal> {
        let (_, id) = ids(&endpoint)?;
        let record = self.known_endpoint(&id)?;
        let addresses: Vec<_> = record.endpoint.addresses.iter().map(ToString::to_string).collect();
        let interface = record.plan.steps.iter().find_map(|step| step.name.as_ref()).map(ToString::to_string);
        let info = json!({
            "mac": record.endpoint.mac,
            "addresses": addresses,
            "interface": interface,
            "state": record.state.word(),
        });
        let Value::Object(info) = info else { return Err(Refusal::from(Error::UnknownEndpoint(id))) };
        Ok(info)
    }

    async fn delete_endpoint(&self, context: Context, endpoint: EndpointRef) -> Result<(), Refusal> {
        Ok(Driver::delete_endpoint(self, &endpoint, context.deadline).await?)
    }

    async fn join(&self, context: Context, request: Join) -> Result<Joined, Refusal> {
        Ok(Driver::join(self, &request, context.deadline).await?)
    }

    async fn leave(&self, context: Context, endpoint: EndpointRef) -> Result<(), Refusal> {
        Ok(Driver::leave(self, &endpoint, context.deadline).await?)
    }

    async fn program_external_connectivity(
        &self,
        context: Context,
        request: ProgramExternalConnectivity,
    ) -> Result<(), Refusal> {
        Ok(self.program(&request, context.deadline).await?)
    }

    async fn revoke_external_connectivity(&self, context: Context, endpoint: EndpointRef) -> Result<(), Refusal> {
        Ok(self.revoke(&endpoint, context.deadline).await?)
    }

    async fn discover(&self, _: Context, discovery: Discovery) -> Result<(), Refusal> {
        Ok(Driver::discover(self, discovery).await?)
    }
}
