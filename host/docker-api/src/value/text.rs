//! Options as text and as yes or no, whatever JSON type they came in.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::malformed::Malformed;

/// A JSON object as text options: text as it is, null left out, anything else as its JSON.
pub(crate) fn options(object: Map<String, Value>) -> BTreeMap<String, String> {
    object.into_iter().filter_map(|(key, value)| Some((key, text(value)?))).collect()
}

/// A JSON value as text; null is none.
pub(crate) fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// A yes or no, which swarm sends as text.
pub(crate) fn truth(field: &str, value: Value) -> Result<Option<bool>, Malformed> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(truth) => Ok(Some(truth)),
        Value::String(text) if text == "true" => Ok(Some(true)),
        Value::String(text) if text == "false" => Ok(Some(false)),
        other => Err(Malformed::value(field, other, "true or false")),
    }
}

/// An object that may be absent or null.
pub(crate) fn object(field: &str, value: Value) -> Result<Map<String, Value>, Malformed> {
    match value {
        Value::Null => Ok(Map::new()),
        Value::Object(object) => Ok(object),
        other => Err(Malformed::value(field, other, "an object")),
    }
}
