//! What a network driver does, as Docker asks for it.

use std::future::Future;

use serde_json::{Map, Value};

use crate::{
    Context, CreateEndpoint, CreateNetwork, CreatedEndpoint, Discovery, EndpointRef, GatewaySkip, Join, Joined,
    NetworkId, NetworkOptions, ProgramExternalConnectivity, Refusal,
};

/// The calls of a network driver.
///
/// Implement them as `async fn`. Docker repeats calls whose connection broke, so each must be idempotent. Each runs in a
/// task of its own that nothing cancels: not a daemon that hangs up, and not the deadline, after which the daemon is
/// told that the time is up and the call finishes, or fails, unheard. Docker shows users the errors of
/// [`create_network`](Self::create_network), [`create_endpoint`](Self::create_endpoint), [`join`](Self::join) and
/// [`program_external_connectivity`](Self::program_external_connectivity); it only logs those of deletes, leaves and
/// revokes, and forgets the object all the same.
pub trait NetworkDriver: Send + Sync + 'static {
    /// Which gateway addresses a network with these options does without (asked from Docker 28 on, before the network
    /// has an id).
    fn gw_alloc_check(
        &self,
        context: Context,
        options: NetworkOptions,
    ) -> impl Future<Output = Result<GatewaySkip, Refusal>> + Send;

    /// Makes a network. Sent once in its life: the driver must remember it.
    fn create_network(
        &self,
        context: Context,
        request: CreateNetwork,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// Removes a network; an unknown one is a success.
    fn delete_network(&self, context: Context, network: NetworkId) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// Makes an endpoint. Docker holds a lock on the whole network meanwhile.
    fn create_endpoint(
        &self,
        context: Context,
        request: CreateEndpoint,
    ) -> impl Future<Output = Result<CreatedEndpoint, Refusal>> + Send;

    /// What is worth knowing about an endpoint; Docker does not show it to users.
    fn endpoint_info(
        &self,
        context: Context,
        endpoint: EndpointRef,
    ) -> impl Future<Output = Result<Map<String, Value>, Refusal>> + Send;

    /// Removes an endpoint; an unknown one is a success.
    fn delete_endpoint(
        &self,
        context: Context,
        endpoint: EndpointRef,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// Gives a container its interface. When it returns, the host's end is up.
    fn join(&self, context: Context, request: Join) -> impl Future<Output = Result<Joined, Refusal>> + Send;

    /// Takes the interface out of the switch again; an unknown endpoint is a success.
    fn leave(&self, context: Context, endpoint: EndpointRef) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// Publishes exactly these ports of an endpoint: what was published before and is not among them goes.
    fn program_external_connectivity(
        &self,
        context: Context,
        request: ProgramExternalConnectivity,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// Publishes no port of an endpoint any more.
    fn revoke_external_connectivity(
        &self,
        context: Context,
        endpoint: EndpointRef,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// A node of the swarm came or went.
    fn discover(&self, context: Context, discovery: Discovery) -> impl Future<Output = Result<(), Refusal>> + Send;
}
