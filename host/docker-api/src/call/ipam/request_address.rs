//! `IpamDriver.RequestAddress`: a network or an endpoint wants an address.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::ERROR;
use crate::call::{Call, Subject, parse_json};
use crate::malformed::Malformed;
use crate::value::{net, text};
use crate::{Context, MacAddress, Plugin, PoolId, Refusal};

const KIND: &str = "RequestAddressType";
const GATEWAY: &str = "com.docker.network.gateway";
const MAC: &str = "com.docker.network.endpoint.macaddress";

/// An address that a network or an endpoint wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestAddress {
    /// The pool.
    pub pool: PoolId,
    /// Which: `--ip`, `--gateway`, `--aux-address`; none: the driver chooses one.
    pub address: Option<IpAddr>,
    /// It is the network's gateway.
    pub gateway: bool,
    /// The endpoint's Ethernet address; none: it is not for an endpoint.
    pub mac: Option<MacAddress>,
    /// What else Docker says. It grows with Docker's releases.
    pub beside: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "PoolID")]
    pool: Option<String>,
    #[serde(rename = "Address")]
    address: Option<String>,
    #[serde(rename = "Options")]
    options: Option<Map<String, Value>>,
}

impl Call for RequestAddress {
    const METHOD: &'static str = "IpamDriver.RequestAddress";
    const ERROR: &'static str = ERROR;

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let wire: Wire = parse_json(body)?;
        let mut beside = text::options(wire.options.unwrap_or_default());
        Ok(Self {
            pool: PoolId::parse(wire.pool)?,
            address: net::parse_address("Address", wire.address.as_deref())?,
            gateway: beside.remove(KIND).is_some_and(|kind| kind == GATEWAY),
            mac: MacAddress::parse(MAC, beside.remove(MAC).as_deref())?,
            beside,
        })
    }

    fn subject(&self) -> Subject<'_> {
        Subject::pool(&self.pool)
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        let address = driver.request_address(context, self).await?;
        Ok(json!({"Address": address.to_string(), "Data": {}}))
    }
}
