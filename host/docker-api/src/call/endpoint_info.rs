//! `NetworkDriver.EndpointOperInfo`: whatever the driver has to say about an endpoint.

use serde_json::{Value, json};

use super::{Call, EndpointWire, Subject, parse_json};
use crate::malformed::Malformed;
use crate::{Context, EndpointRef, Plugin, Refusal};

pub(crate) struct EndpointInfo(EndpointRef);

impl Call for EndpointInfo {
    const METHOD: &'static str = "NetworkDriver.EndpointOperInfo";

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        Ok(Self(parse_json::<EndpointWire>(body)?.parse()?))
    }

    fn subject(&self) -> Subject<'_> {
        Subject::endpoint(&self.0.network, &self.0.endpoint)
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        Ok(json!({"Value": driver.endpoint_info(context, self.0).await?}))
    }
}
