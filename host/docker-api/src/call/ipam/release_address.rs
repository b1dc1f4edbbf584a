//! `IpamDriver.ReleaseAddress`: Docker logs the error, if any, and forgets the address.

use std::net::IpAddr;

use serde::Deserialize;
use serde_json::Value;

use super::ERROR;
use crate::call::{Call, Subject, done, parse_json};
use crate::malformed::Malformed;
use crate::value::net;
use crate::{Context, Plugin, PoolId, Refusal};

/// An address that nobody needs any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseAddress {
    /// The pool.
    pub pool: PoolId,
    /// The address.
    pub address: IpAddr,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "PoolID")]
    pool: Option<String>,
    #[serde(rename = "Address")]
    address: Option<String>,
}

impl Call for ReleaseAddress {
    const METHOD: &'static str = "IpamDriver.ReleaseAddress";
    const ERROR: &'static str = ERROR;

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let wire: Wire = parse_json(body)?;
        let pool = PoolId::parse(wire.pool)?;
        let address = net::parse_address("Address", wire.address.as_deref())?;
        Ok(Self { pool, address: address.ok_or(Malformed::Missing { field: "Address" })? })
    }

    fn subject(&self) -> Subject<'_> {
        Subject::pool(&self.pool)
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        driver.release_address(context, self).await?;
        Ok(done())
    }
}
