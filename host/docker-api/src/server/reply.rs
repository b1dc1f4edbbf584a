//! Answers as Docker reads them.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

use crate::Refusal;

pub(crate) type Reply = Response<Full<Bytes>>;

/// The version of the plugin protocol that Docker asks for in `Accept`.
const PLUGIN_JSON: HeaderValue = HeaderValue::from_static("application/vnd.docker.plugins.v1.2+json");

/// Why a request never became a call.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Rejected {
    #[error("no such call: {path}")]
    Unknown { path: String },
    #[error("{method} is not how calls are made: POST them")]
    NotPosted { method: String },
    #[error("the body is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the body was not sent within {seconds} s")]
    TooSlow { seconds: f64 },
    #[error("the body broke off: {0}")]
    Broken(String),
    #[error("{call}: {problem}")]
    Malformed { call: &'static str, problem: crate::malformed::Malformed },
}

impl Rejected {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            // For Docker, a call that is not implemented.
            Self::Unknown { .. } => StatusCode::NOT_FOUND,
            Self::NotPosted { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::Broken(_) | Self::Malformed { .. } => StatusCode::BAD_REQUEST,
        }
    }
}

/// A call's answer. A refusal goes with status 200, as the protocol says: Docker prints `remote: ` before it, and looks
/// at nothing else; a 404 would mean that the call does not exist.
pub(crate) fn answered(result: &Result<Value, Refusal>, error: &str) -> Reply {
    match result {
        Ok(value) => json_reply(StatusCode::OK, value),
        Err(refusal) => json_reply(StatusCode::OK, &json!({error: refusal.message()})),
    }
}

/// The answer to a request that never became a call.
pub(crate) fn rejected(why: &Rejected) -> Reply {
    let refusal = Refusal::new(why.to_string());
    let mut reply = json_reply(why.status(), &json!({"Err": refusal.message()}));
    if matches!(why, Rejected::NotPosted { .. }) {
        reply.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    reply
}

fn json_reply(status: StatusCode, value: &Value) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::from(value.to_string())));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, PLUGIN_JSON);
    reply
}
