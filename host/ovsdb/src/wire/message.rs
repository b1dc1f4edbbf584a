//! JSON-RPC 1.0 messages.

use serde::Deserialize;
use serde_json::{Value as Json, json};

/// A message from the server.
#[derive(Debug)]
pub(crate) enum Message {
    /// The server wants an answer.
    Request { id: Json, method: String, params: Json },
    /// The server only says something.
    Notification { method: String, params: Json },
    /// The answer to a request of ours.
    Response(Response),
}

/// The answer to a request of ours.
#[derive(Debug)]
pub(crate) struct Response {
    /// The request's number.
    pub(crate) id: u64,
    /// The `result`, or the `error` if there is one.
    pub(crate) outcome: Result<Json, Json>,
}

#[derive(Deserialize)]
struct WireMessage {
    #[serde(default)]
    id: Json,
    method: Option<String>,
    #[serde(default)]
    params: Json,
    #[serde(default)]
    result: Json,
    #[serde(default)]
    error: Json,
}

/// A frame that is no message.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MessageError {
    #[error("a message is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("a response has the id {0}, which no request had")]
    ForeignId(Json),
}

impl Message {
    pub(crate) fn parse(frame: &[u8]) -> Result<Self, MessageError> {
        let WireMessage { id, method, params, result, error } = serde_json::from_slice(frame)?;
        Ok(match method {
            Some(method) if id.is_null() => Message::Notification { method, params },
            Some(method) => Message::Request { id, method, params },
            None => {
                let id = id.as_u64().ok_or(MessageError::ForeignId(id))?;
                let outcome = if error.is_null() { Ok(result) } else { Err(error) };
                Message::Response(Response { id, outcome })
            }
        })
    }

    /// The answer to a request of the server: an echo, or that we know nothing else.
    pub(crate) fn answer(id: &Json, method: &str, params: &Json) -> String {
        match method {
            "echo" => json!({"id": id, "result": params, "error": null}),
            _ => json!({"id": id, "result": null, "error": {"error": "unknown method", "details": method}}),
        }
        .to_string()
    }

    /// A request of ours; `params` is JSON.
    pub(crate) fn request(id: u64, method: &str, params: &str) -> String {
        format!(r#"{{"id":{id},"method":"{method}","params":{params}}}"#)
    }

    /// A request of ours that gets no answer; `params` is JSON.
    pub(crate) fn notification(method: &str, params: &str) -> String {
        format!(r#"{{"id":null,"method":"{method}","params":{params}}}"#)
    }
}
