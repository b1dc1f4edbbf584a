//! `NetworkDriver.DeleteNetwork`: Docker logs the error, if any, and forgets the network.

use serde_json::Value;

use super::{Call, NetworkWire, Subject, done, parse_json};
use crate::malformed::Malformed;
use crate::{Context, NetworkId, Plugin, Refusal};

pub(crate) struct DeleteNetwork(NetworkId);

impl Call for DeleteNetwork {
    const METHOD: &'static str = "NetworkDriver.DeleteNetwork";

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let wire: NetworkWire = parse_json(body)?;
        Ok(Self(NetworkId::parse(wire.network)?))
    }

    fn subject(&self) -> Subject<'_> {
        Subject::network(&self.0)
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        driver.delete_network(context, self.0).await?;
        Ok(done())
    }
}
