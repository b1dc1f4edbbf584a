//! `NetworkDriver.ProgramExternalConnectivity` and `RevokeExternalConnectivity`: this endpoint is, or is no longer, the
//! container's way to the outside, and publishes its ports.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Call, EndpointWire, Subject, done, parse_json};
use crate::malformed::Malformed;
use crate::{Context, EndpointId, EndpointOptions, EndpointRef, NetworkId, Plugin, Refusal};

/// Ports to publish for an endpoint. May come twice without a revoke in between: the later one replaces the earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramExternalConnectivity {
    /// The network it is on.
    pub network: NetworkId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// The container's ports.
    pub options: EndpointOptions,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(flatten)]
    endpoint: EndpointWire,
    #[serde(rename = "Options")]
    options: Option<Map<String, Value>>,
}

impl Call for ProgramExternalConnectivity {
    const METHOD: &'static str = "NetworkDriver.ProgramExternalConnectivity";

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let wire: Wire = parse_json(body)?;
        let EndpointRef { network, endpoint } = wire.endpoint.parse()?;
        Ok(Self { network, endpoint, options: EndpointOptions::parse(wire.options.unwrap_or_default())? })
    }

    fn subject(&self) -> Subject<'_> {
        Subject::endpoint(&self.network, &self.endpoint)
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        driver.program_external_connectivity(context, self).await?;
        Ok(done())
    }
}

pub(crate) struct RevokeExternalConnectivity(EndpointRef);

impl Call for RevokeExternalConnectivity {
    const METHOD: &'static str = "NetworkDriver.RevokeExternalConnectivity";

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        Ok(Self(parse_json::<EndpointWire>(body)?.parse()?))
    }

    fn subject(&self) -> Subject<'_> {
        Subject::endpoint(&self.0.network, &self.0.endpoint)
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        driver.revoke_external_connectivity(context, self.0).await?;
        Ok(done())
    }
}
