//! One question, from its bytes to the bytes of its answer.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Busy, SEND};
use crate::request::Request;
use crate::{Failure, FailureKind, Operations};

/// The largest body of a question, in bytes: a log filter.
const LARGEST: usize = 64 * 1024;

pub(super) async fn answer<O: Operations>(
    request: hyper::Request<Incoming>,
    operations: Arc<O>,
    busy: Busy,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let result = match read(request).await {
        Ok(request) => run(request, operations, busy).await,
        Err(failure) => Err(failure),
    };
    Ok(match result {
        Ok(value) => reply(StatusCode::OK, &value),
        Err(failure) => reply(failure.kind.status(), &json!({"error": failure})),
    })
}

async fn read(request: hyper::Request<Incoming>) -> Result<Request, Failure> {
    let (head, body) = request.into_parts();
    let invalid = |message: String| Failure::new(FailureKind::Invalid, message);
    let body = match timeout(SEND, Limited::new(body, LARGEST).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) => return Err(invalid(format!("cannot read the question's body: {error}"))),
        Err(_) => return Err(invalid(format!("the question's body was not sent within {} s", SEND.as_secs()))),
    };
    Request::parse(&head.method, head.uri.path(), &body)
}

/// Runs the operation in a task of its own, which goes on when the client hangs up.
async fn run<O: Operations>(request: Request, operations: Arc<O>, busy: Busy) -> Result<Value, Failure> {
    let path = request.path();
    let task = tokio::spawn(async move {
        let result = ask(&*operations, request).await;
        drop(busy);
        result
    });
    task.await.unwrap_or_else(|error| {
        tracing::error!(path, %error, "an operation failed inside the driver");
        Err(Failure::new(FailureKind::Internal, format!("{path} failed inside the driver: its log says more")))
    })
}

async fn ask<O: Operations>(operations: &O, request: Request) -> Result<Value, Failure> {
    match request {
        Request::Status => to_json(operations.status().await?),
        Request::Networks => to_json(operations.networks().await?),
        Request::Network(network) => to_json(operations.network(network).await?),
        Request::Reconcile(network) => to_json(operations.reconcile(network).await?),
        Request::Explain { network, endpoint } => to_json(operations.explain(network, endpoint).await?),
        Request::ToBeUndone => to_json(operations.to_be_undone().await?),
        Request::Remove { network, endpoint } => to_json(operations.remove(network, endpoint).await?),
        Request::Holdings => to_json(operations.holdings().await?),
        Request::Pools => to_json(operations.pools().await?),
        Request::Release(releasing) => to_json(operations.release(releasing).await?),
        Request::Reclaim(reclaiming) => to_json(operations.reclaim(reclaiming).await?),
        Request::Modes => to_json(operations.modes().await?),
        Request::ReloadModes => to_json(operations.reload_modes().await?),
        Request::Upgrade { network, upgrading } => to_json(operations.upgrade(network, upgrading).await?),
        Request::SetLogFilter(filter) => to_json(operations.set_log_filter(filter).await?),
    }
}

fn to_json(report: impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(report).map_err(|error| Failure::internal(&error))
}

fn reply(status: StatusCode, value: &Value) -> Response<Full<Bytes>> {
    let mut reply = Response::new(Full::new(Bytes::from(format!("{value}\n"))));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply
}
