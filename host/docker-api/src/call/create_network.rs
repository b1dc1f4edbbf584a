//! `NetworkDriver.CreateNetwork`: once in a network's life.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Call, Subject, done, parse_json};
use crate::malformed::Malformed;
use crate::value::address_data;
use crate::{AddressData, Context, NetworkId, NetworkOptions, Plugin, Refusal};

/// A network to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateNetwork {
    /// The network.
    pub network: NetworkId,
    /// Its options.
    pub options: NetworkOptions,
    /// Its IPv4 subnets; empty with `--ipv4=false`.
    pub ipv4: Vec<AddressData>,
    /// Its IPv6 subnets; empty without `--ipv6`.
    pub ipv6: Vec<AddressData>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "NetworkID")]
    network: Option<String>,
    #[serde(rename = "Options")]
    options: Option<Map<String, Value>>,
    #[serde(rename = "IPv4Data")]
    ipv4: Option<Vec<address_data::Wire>>,
    #[serde(rename = "IPv6Data")]
    ipv6: Option<Vec<address_data::Wire>>,
}

impl Call for CreateNetwork {
    const METHOD: &'static str = "NetworkDriver.CreateNetwork";

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let wire: Wire = parse_json(body)?;
        Ok(Self {
            network: NetworkId::parse(wire.network)?,
            options: NetworkOptions::parse(wire.options.unwrap_or_default())?,
            ipv4: AddressData::parse_list(wire.ipv4)?,
            ipv6: AddressData::parse_list(wire.ipv6)?,
        })
    }

    fn subject(&self) -> Subject<'_> {
        Subject::network(&self.network)
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        driver.create_network(context, self).await?;
        Ok(done())
    }
}
