//! Reading a request's body, but not for ever and not without end.

use std::error::Error;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

use super::reply::Rejected;
use crate::Limits;

/// The whole body.
pub(crate) async fn read(body: Incoming, limits: &Limits) -> Result<Bytes, Rejected> {
    let too_large = || Rejected::TooLarge { limit: limits.body };
    if body.size_hint().lower() > limits.body as u64 {
        return Err(too_large());
    }
    match timeout(limits.send, Limited::new(body, limits.body).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(error)) => Err(Rejected::Broken(innermost(&*error))),
        Err(_) => Err(Rejected::TooSlow { seconds: limits.send.as_secs_f64() }),
    }
}

/// What hyper's errors say comes from the one inside.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
