//! `NetworkDriver.AllocateNetwork` and `FreeNetwork`: a swarm's manager asks for what every node must agree on. It asks
//! drivers of global scope only, which ours is not; whoever asks all the same gets the options back as they came, since
//! nothing is allocated.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Call, NetworkWire, Subject, done, parse_json};
use crate::malformed::Malformed;
use crate::value::text;
use crate::{Context, NetworkId, Plugin, Refusal};

pub(crate) struct AllocateNetwork {
    network: NetworkId,
    options: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "NetworkID")]
    network: Option<String>,
    #[serde(rename = "Options")]
    options: Option<Map<String, Value>>,
}

impl Call for AllocateNetwork {
    const METHOD: &'static str = "NetworkDriver.AllocateNetwork";

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let wire: Wire = parse_json(body)?;
        let options = text::options(wire.options.unwrap_or_default());
        Ok(Self { network: NetworkId::parse(wire.network)?, options })
    }

    fn subject(&self) -> Subject<'_> {
        Subject::network(&self.network)
    }

    async fn answer<D: Plugin>(self, _driver: &D, _context: Context) -> Result<Value, Refusal> {
        Ok(json!({"Options": self.options}))
    }
}

pub(crate) struct FreeNetwork(NetworkId);

impl Call for FreeNetwork {
    const METHOD: &'static str = "NetworkDriver.FreeNetwork";

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let wire: NetworkWire = parse_json(body)?;
        Ok(Self(NetworkId::parse(wire.network)?))
    }

    fn subject(&self) -> Subject<'_> {
        Subject::network(&self.0)
    }

    async fn answer<D: Plugin>(self, _driver: &D, _context: Context) -> Result<Value, Refusal> {
        Ok(done())
    }
}
