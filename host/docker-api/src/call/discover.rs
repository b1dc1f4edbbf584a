//! `NetworkDriver.DiscoverNew` and `DiscoverDelete`: what Docker tells of the other hosts of its swarm.

use std::net::IpAddr;

use serde::Deserialize;
use serde_json::Value;

use super::{Call, Subject, done, parse_json};
use crate::malformed::Malformed;
use crate::{Context, Plugin, Refusal};

/// The discovery type of a node. The others carry the configuration and keys of Docker's own overlay driver: they are
/// none of ours, and their data is never kept or logged.
const NODE: u64 = 1;

/// A node of the swarm came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discovery {
    /// Which of the two.
    pub change: DiscoveryChange,
    /// The node's address.
    pub address: IpAddr,
    /// The node is this host.
    pub own: bool,
}

/// What happened to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscoveryChange {
    /// It is there: new, or told once more.
    Found,
    /// It is gone.
    Lost,
}

/// A notice; none when it is not about a node.
struct Notice(Option<Discovery>);

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "DiscoveryType")]
    kind: Option<u64>,
    #[serde(rename = "DiscoveryData")]
    data: Option<Value>,
}

#[derive(Deserialize)]
struct Node {
    #[serde(rename = "Address")]
    address: Option<String>,
    #[serde(rename = "Self")]
    own: Option<bool>,
}

impl Notice {
    fn parse(body: &[u8], change: DiscoveryChange) -> Result<Self, Malformed> {
        let wire: Wire = parse_json(body)?;
        match wire.kind {
            None => Err(Malformed::Missing { field: "DiscoveryType" }),
            Some(NODE) => {
                let node: Option<Node> = serde_json::from_value(wire.data.unwrap_or_default())?;
                let node = node.ok_or(Malformed::Missing { field: "DiscoveryData" })?;
                let text = node.address.unwrap_or_default();
                let address = text.parse().map_err(|_| Malformed::value("Address", text, "an IP address"))?;
                Ok(Self(Some(Discovery { change, address, own: node.own.unwrap_or(false) })))
            }
            Some(_) => Ok(Self(None)),
        }
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        if let Some(discovery) = self.0 {
            driver.discover(context, discovery).await?;
        }
        Ok(done())
    }
}

pub(crate) struct DiscoverNew(Notice);

impl Call for DiscoverNew {
    const METHOD: &'static str = "NetworkDriver.DiscoverNew";

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        Notice::parse(body, DiscoveryChange::Found).map(Self)
    }

    fn subject(&self) -> Subject<'_> {
        Subject::default()
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        self.0.answer(driver, context).await
    }
}

pub(crate) struct DiscoverDelete(Notice);

impl Call for DiscoverDelete {
    const METHOD: &'static str = "NetworkDriver.DiscoverDelete";

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        Notice::parse(body, DiscoveryChange::Lost).map(Self)
    }

    fn subject(&self) -> Subject<'_> {
        Subject::default()
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        self.0.answer(driver, context).await
    }
}
