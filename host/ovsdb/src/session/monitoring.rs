//! Asking for the copy, with the newest method that the server knows.

use super::open::Handshake;
use crate::error::ConnectError;
use crate::monitor::MonitorSpec;
use crate::replica::{Layouts, Notation, Replica, RowChange};
use serde_json::{Value as Json, json};

/// The copy as a server gave it, and how to carry on from there.
pub(crate) struct Copied {
    pub(crate) replica: Replica,
    /// The changes since the last session, if the server remembered where that was.
    pub(crate) changes: Option<Vec<RowChange>>,
    pub(crate) last_id: Option<String>,
    pub(crate) notation: Notation,
}

/// A copy from before, and the transaction that it ends with.
pub(crate) struct Earlier<'a> {
    pub(crate) replica: &'a Replica,
    pub(crate) last_id: &'a str,
}

#[derive(Clone, Copy)]
enum Method {
    CondSince,
    Cond,
    Plain,
}

impl Method {
    const NEWEST_FIRST: [Method; 3] = [Method::CondSince, Method::Cond, Method::Plain];

    fn name(self) -> &'static str {
        match self {
            Method::CondSince => "monitor_cond_since",
            Method::Cond => "monitor_cond",
            Method::Plain => "monitor",
        }
    }
}

/// Starts the monitor `id` and reads its first copy.
pub(crate) async fn start(
    handshake: &mut Handshake<'_>,
    id: &str,
    spec: &MonitorSpec,
    layouts: &Layouts,
    earlier: Option<Earlier<'_>>,
) -> Result<Copied, ConnectError> {
    if layouts.is_empty() {
        let replica = Replica::empty(spec);
        return Ok(Copied { replica, changes: None, last_id: None, notation: Notation::Whole });
    }
    for method in Method::NEWEST_FIRST {
        let params = params(method, id, spec, layouts, earlier.as_ref());
        match handshake.call(method.name(), &params).await? {
            Ok(result) => {
                let read = read(method, spec, layouts, earlier, &result);
                return read.map_err(|problem| handshake.connection.violation(&problem));
            }
            Err(error) if is_unknown_method(&error) => {}
            Err(error) => return Err(handshake.refused(method.name(), &error)),
        }
    }
    Err(handshake.refused(Method::Plain.name(), &json!("unknown method")))
}

/// What servers answer to methods that they do not know.
pub(crate) fn is_unknown_method(error: &Json) -> bool {
    error.as_str().or_else(|| error["error"].as_str()) == Some("unknown method")
}

fn params(method: Method, id: &str, spec: &MonitorSpec, layouts: &Layouts, earlier: Option<&Earlier<'_>>) -> Json {
    let conditional = !matches!(method, Method::Plain);
    let requests: serde_json::Map<String, Json> =
        layouts.iter().map(|(table, layout)| (table.to_string(), json!([layout.request(conditional)]))).collect();
    match method {
        Method::CondSince => {
            let nil = uuid::Uuid::nil().to_string();
            json!([&*spec.database, id, requests, earlier.map_or(nil.as_str(), |earlier| earlier.last_id)])
        }
        Method::Cond | Method::Plain => json!([&*spec.database, id, requests]),
    }
}

fn read(
    method: Method,
    spec: &MonitorSpec,
    layouts: &Layouts,
    earlier: Option<Earlier<'_>>,
    result: &Json,
) -> Result<Copied, String> {
    let fresh = || Replica::empty(spec);
    let (start, last_id, updates, notation) = match method {
        Method::Plain => (None, None, result, Notation::Whole),
        Method::Cond => (None, None, result, Notation::Difference),
        Method::CondSince => match result.as_array().map(Vec::as_slice) {
            Some([Json::Bool(found), Json::String(last_id), updates]) => {
                let start = earlier.filter(|_| *found).map(|earlier| earlier.replica.clone());
                (start, Some(last_id.clone()), updates, Notation::Difference)
            }
            _ => return Err("monitor_cond_since did not answer with found, last-txn-id and updates".to_owned()),
        },
    };
    let resumed = start.is_some();
    let mut replica = start.unwrap_or_else(fresh);
    let changes = replica.apply(layouts, notation, updates).map_err(|error| error.to_string())?;
    Ok(Copied { replica, changes: resumed.then_some(changes), last_id, notation })
}
