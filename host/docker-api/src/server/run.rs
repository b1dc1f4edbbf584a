//! A call against the clock.

use std::sync::Arc;

use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use tracing::{Instrument, Span, field};

use super::Server;
use super::reply::{Reply, answered};
use crate::call::{Call, Subject};
use crate::{Context, Plugin, Refusal};

impl<D: Plugin> Server<D> {
    /// Runs the call in a task of its own and waits for it until its deadline. Neither a daemon that hangs up nor the
    /// deadline cancels it: stopped between two side effects it would leave what nobody knows of.
    pub(super) async fn run<C: Call>(self: Arc<Self>, call: C) -> Reply {
        let started = Instant::now();
        let time = C::time(&self.limits);
        let context = Context { request: self.next_request(), deadline: started + time };
        let span = span(C::METHOD, context.request, call.subject());
        let about = describe(call.subject());
        let (driver, busy) = (Arc::clone(&self.driver), self.busy.clone());
        let work = async move {
            let result = call.answer(&*driver, context).await;
            log(&result, started, context.deadline);
            drop(busy);
            result
        };
        let task = tokio::spawn(work.instrument(span.clone()));
        let result = match timeout_at(context.deadline + self.limits.grace, task).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(span.in_scope(|| Failure::Panicked { call: C::METHOD, about }.refusal())),
            Err(_) => {
                Err(span.in_scope(|| Failure::Late { call: C::METHOD, about, seconds: time.as_secs_f64() }.refusal()))
            }
        };
        answered(&result, C::ERROR)
    }
}

/// What Docker hears when the driver said nothing.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{call}{about} failed inside the driver: its log says more")]
    Panicked { call: &'static str, about: String },
    #[error("{call}{about} did not finish within {seconds} s and goes on in the background")]
    Late { call: &'static str, about: String, seconds: f64 },
}

impl Failure {
    fn refusal(self) -> Refusal {
        tracing::error!(error = %self, "docker is answered for the driver");
        self.into()
    }
}

fn span(call: &'static str, request: u64, subject: Subject<'_>) -> Span {
    let span = tracing::info_span!(
        "docker",
        call,
        request,
        network = field::Empty,
        endpoint = field::Empty,
        pool = field::Empty
    );
    if let Some(network) = subject.network {
        span.record("network", network.as_str());
    }
    if let Some(endpoint) = subject.endpoint {
        span.record("endpoint", endpoint.as_str());
    }
    if let Some(pool) = subject.pool {
        span.record("pool", pool.as_str());
    }
    span
}

/// The objects of a call, as they follow its name in an error.
fn describe(subject: Subject<'_>) -> String {
    match subject {
        Subject { network: Some(network), endpoint: Some(endpoint), .. } => {
            format!(" of endpoint {endpoint} on network {network}")
        }
        Subject { network: Some(network), .. } => format!(" of network {network}"),
        Subject { pool: Some(pool), .. } => format!(" of pool {pool}"),
        Subject { .. } => String::new(),
    }
}

/// How a call ended, told when it ends, which may be after Docker was answered.
fn log(result: &Result<Value, Refusal>, started: Instant, deadline: Instant) {
    let ended = Instant::now();
    let duration_ms = ended.duration_since(started).as_secs_f64() * 1e3;
    let late = ended > deadline;
    match result {
        Ok(_) => tracing::info!(duration_ms, late, "done"),
        Err(refusal) => tracing::warn!(duration_ms, late, error = %refusal, "refused"),
    }
}
