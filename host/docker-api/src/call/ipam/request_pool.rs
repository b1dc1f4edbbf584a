//! `IpamDriver.RequestPool`: a network wants a subnet.

use std::collections::BTreeMap;

use ipnet::IpNet;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::ERROR;
use crate::call::{Call, Subject, parse_json};
use crate::malformed::Malformed;
use crate::value::{net, text};
use crate::{Context, Plugin, Refusal};

/// A pool that a network wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestPool {
    /// What the driver called the address space.
    pub address_space: String,
    /// `--subnet`; none: the driver chooses one.
    pub pool: Option<IpNet>,
    /// `--ip-range`: the part that addresses are to be given of.
    pub range: Option<IpNet>,
    /// `--ipam-opt`.
    pub options: BTreeMap<String, String>,
    /// It is to be one of IPv6.
    pub v6: bool,
}

/// A pool that a network has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedPool {
    /// What Docker names it by from now on: at most 255 visible characters.
    pub id: String,
    /// Its subnet.
    pub subnet: IpNet,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    address_space: Option<String>,
    pool: Option<String>,
    sub_pool: Option<String>,
    options: Option<Map<String, Value>>,
    v6: Option<bool>,
}

impl Call for RequestPool {
    const METHOD: &'static str = "IpamDriver.RequestPool";
    const ERROR: &'static str = ERROR;

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let wire: Wire = parse_json(body)?;
        Ok(Self {
            address_space: wire.address_space.unwrap_or_default(),
            pool: net::parse("Pool", wire.pool.as_deref())?,
            range: net::parse("SubPool", wire.sub_pool.as_deref())?,
            options: text::options(wire.options.unwrap_or_default()),
            v6: wire.v6.unwrap_or(false),
        })
    }

    fn subject(&self) -> Subject<'_> {
        Subject::default()
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        let RequestedPool { id, subnet } = driver.request_pool(context, self).await?;
        Ok(json!({"PoolID": id, "Pool": subnet.to_string(), "Data": {}}))
    }
}
