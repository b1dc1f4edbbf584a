//! `NetworkDriver.GwAllocCheck`: does the network need gateway addresses (Docker 28 and later).

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Call, Subject, parse_json};
use crate::malformed::Malformed;
use crate::{Context, NetworkOptions, Plugin, Refusal};

/// The gateway addresses that Docker need not reserve in a network's subnets. One that the user named is kept anyway.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GatewaySkip {
    /// None for IPv4.
    pub ipv4: bool,
    /// None for IPv6.
    pub ipv6: bool,
}

pub(crate) struct GwAllocCheck(NetworkOptions);

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "Options")]
    options: Option<Map<String, Value>>,
}

impl Call for GwAllocCheck {
    const METHOD: &'static str = "NetworkDriver.GwAllocCheck";

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let wire: Wire = parse_json(body)?;
        Ok(Self(NetworkOptions::parse(wire.options.unwrap_or_default())?))
    }

    fn subject(&self) -> Subject<'_> {
        Subject::default()
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        let skip = driver.gw_alloc_check(context, self.0).await?;
        Ok(json!({"SkipIPv4": skip.ipv4, "SkipIPv6": skip.ipv6}))
    }
}
