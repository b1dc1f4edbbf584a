//! `IpamDriver.ReleasePool`: Docker logs the error, if any, and forgets the pool.

use serde::Deserialize;
use serde_json::Value;

use super::ERROR;
use crate::call::{Call, Subject, done, parse_json};
use crate::malformed::Malformed;
use crate::{Context, Plugin, PoolId, Refusal};

pub(crate) struct ReleasePool(PoolId);

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "PoolID")]
    pool: Option<String>,
}

impl Call for ReleasePool {
    const METHOD: &'static str = "IpamDriver.ReleasePool";
    const ERROR: &'static str = ERROR;

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        Ok(Self(PoolId::parse(parse_json::<Wire>(body)?.pool)?))
    }

    fn subject(&self) -> Subject<'_> {
        Subject::pool(&self.0)
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        driver.release_pool(context, self.0).await?;
        Ok(done())
    }
}
