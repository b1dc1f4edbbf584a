//! `NetworkDriver.DeleteEndpoint`: Docker logs the error, if any, and forgets the endpoint.

use serde_json::Value;

use super::{Call, EndpointWire, Subject, done, parse_json};
use crate::malformed::Malformed;
use crate::{Context, EndpointRef, Plugin, Refusal};

pub(crate) struct DeleteEndpoint(EndpointRef);

impl Call for DeleteEndpoint {
    const METHOD: &'static str = "NetworkDriver.DeleteEndpoint";

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        Ok(Self(parse_json::<EndpointWire>(body)?.parse()?))
    }

    fn subject(&self) -> Subject<'_> {
        Subject::endpoint(&self.0.network, &self.0.endpoint)
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        driver.delete_endpoint(context, self.0).await?;
        Ok(done())
    }
}
