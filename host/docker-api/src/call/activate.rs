//! `Plugin.Activate`: which kinds of plugin this is: what a network's addresses are given by is chosen by itself (`--ipam-driver`). Sent once, with an empty body, before anything else.

use serde_json::{Value, json};

use super::{Call, Subject};
use crate::malformed::Malformed;
use crate::{Context, Plugin, Refusal};

pub(crate) struct Activate;

impl Call for Activate {
    const METHOD: &'static str = "Plugin.Activate";

    fn parse(_body: &[u8]) -> Result<Self, Malformed> {
        Ok(Self)
    }

    fn subject(&self) -> Subject<'_> {
        Subject::default()
    }

    async fn answer<D: Plugin>(self, _driver: &D, _context: Context) -> Result<Value, Refusal> {
        Ok(json!({"Implements": ["NetworkDriver", "IpamDriver"]}))
    }
}
