//! `NetworkDriver.GetCapabilities`: how far this driver's networks reach. Sent with an empty body.

use serde_json::{Value, json};

use super::{Call, Subject};
use crate::malformed::Malformed;
use crate::{Context, Plugin, Refusal};

pub(crate) struct GetCapabilities;

impl Call for GetCapabilities {
    const METHOD: &'static str = "NetworkDriver.GetCapabilities";

    fn parse(_body: &[u8]) -> Result<Self, Malformed> {
        Ok(Self)
    }

    fn subject(&self) -> Subject<'_> {
        Subject::default()
    }

    /// Networks are known to one daemon only (`Scope`), or a swarm's manager would want to allocate them; their wires
    /// may span hosts (`ConnectivityScope`), so the nodes of a swarm are announced. `GwAllocChecker` is for Docker 28.
    async fn answer<D: Plugin>(self, _driver: &D, _context: Context) -> Result<Value, Refusal> {
        Ok(json!({"Scope": "local", "ConnectivityScope": "global", "GwAllocChecker": true}))
    }
}
