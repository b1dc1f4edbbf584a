//! The calls, one file each: the request's form in JSON, the typed call it becomes, and the form of its answer.

pub(crate) mod activate;
pub(crate) mod allocate_network;
pub(crate) mod create_endpoint;
pub(crate) mod create_network;
pub(crate) mod delete_endpoint;
pub(crate) mod delete_network;
pub(crate) mod discover;
pub(crate) mod endpoint_info;
pub(crate) mod external_connectivity;
pub(crate) mod get_capabilities;
pub(crate) mod gw_alloc_check;
pub(crate) mod ipam;
pub(crate) mod join;
pub(crate) mod leave;

use std::future::Future;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::malformed::Malformed;
use crate::{Context, EndpointId, EndpointRef, Limits, NetworkId, Plugin, PoolId, Refusal};

/// A request that one route takes.
pub(crate) trait Call: Sized + Send + 'static {
    /// The path without its slash, and the name in logs and errors.
    const METHOD: &'static str;

    /// What an error is called in the answer.
    const ERROR: &'static str = "Err";

    /// Reads the request's body.
    fn parse(body: &[u8]) -> Result<Self, Malformed>;

    /// What the call is about.
    fn subject(&self) -> Subject<'_>;

    /// How long the driver has.
    fn time(limits: &Limits) -> Duration {
        limits.call
    }

    /// Asks the driver and writes its answer as Docker expects it.
    fn answer<D: Plugin>(self, driver: &D, context: Context) -> impl Future<Output = Result<Value, Refusal>> + Send;
}

/// The objects that a call is about, for its span and its errors.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Subject<'a> {
    pub(crate) network: Option<&'a NetworkId>,
    pub(crate) endpoint: Option<&'a EndpointId>,
    pub(crate) pool: Option<&'a PoolId>,
}

impl<'a> Subject<'a> {
    fn network(network: &'a NetworkId) -> Self {
        Self { network: Some(network), ..Self::default() }
    }

    fn endpoint(network: &'a NetworkId, endpoint: &'a EndpointId) -> Self {
        Self { network: Some(network), endpoint: Some(endpoint), ..Self::default() }
    }

    fn pool(pool: &'a PoolId) -> Self {
        Self { pool: Some(pool), ..Self::default() }
    }
}

/// Reads a body that must be there, and be an object: serde alone would take a list of its fields as well.
fn parse_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Malformed> {
    if body.trim_ascii().is_empty() {
        return Err(Malformed::Empty);
    }
    let object: Map<String, Value> = serde_json::from_slice(body)?;
    Ok(serde_json::from_value(Value::Object(object))?)
}

/// What all requests about one endpoint have.
#[derive(Deserialize)]
struct EndpointWire {
    #[serde(rename = "NetworkID")]
    network: Option<String>,
    #[serde(rename = "EndpointID")]
    endpoint: Option<String>,
}

impl EndpointWire {
    fn parse(self) -> Result<EndpointRef, Malformed> {
        Ok(EndpointRef { network: NetworkId::parse(self.network)?, endpoint: EndpointId::parse(self.endpoint)? })
    }
}

/// What all requests about one network have.
#[derive(Deserialize)]
struct NetworkWire {
    #[serde(rename = "NetworkID")]
    network: Option<String>,
}

/// The answer that says nothing but that it went well: Docker wants some JSON.
fn done() -> Value {
    Value::Object(Map::new())
}
