//! `IpamDriver.GetCapabilities`: what this driver needs to be told. Sent with an empty body.

use serde_json::{Value, json};

use super::ERROR;
use crate::call::{Call, Subject};
use crate::malformed::Malformed;
use crate::{Context, Plugin, Refusal};

pub(crate) struct IpamCapabilities;

impl Call for IpamCapabilities {
    const METHOD: &'static str = "IpamDriver.GetCapabilities";
    const ERROR: &'static str = ERROR;

    fn parse(_body: &[u8]) -> Result<Self, Malformed> {
        Ok(Self)
    }

    fn subject(&self) -> Subject<'_> {
        Subject::default()
    }

    /// By its Ethernet address an endpoint's request is told from that of an auxiliary address. Nothing has to be told again
    /// when the daemon starts: the driver remembers.
    async fn answer<D: Plugin>(self, _driver: &D, _context: Context) -> Result<Value, Refusal> {
        Ok(json!({"RequiresMACAddress": true, "RequiresRequestReplay": false}))
    }
}
