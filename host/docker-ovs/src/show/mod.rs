//! What commands print: text for people, JSON for programs.

mod costs;
mod difference;
mod explanation;
mod holdings;
mod inspection;
mod modes;
mod network;
mod pools;
mod reconciled;
mod removed;
mod style;
mod table;
mod upgrade;

use std::io::{self, Write};

use serde::Serialize;

pub(crate) use costs::costs;
pub(crate) use difference::difference;
pub(crate) use explanation::{commands, explanation, reply, step};
pub(crate) use holdings::{holdings, reclaimed};
pub(crate) use inspection::inspection;
pub(crate) use modes::{added, modes, removed_mode, user};
pub(crate) use network::{network, networks};
pub(crate) use pools::{pools, released};
pub(crate) use reconciled::reconciled;
pub(crate) use removed::removed;
pub(crate) use style::Style;
pub(crate) use table::Table;
pub(crate) use upgrade::upgrade;

use crate::exit::Failure;

/// Prints a value as JSON, or as the text that `text` makes.
pub(crate) fn either<T: Serialize>(json: bool, value: &T, text: impl FnOnce() -> String) -> Result<(), Failure> {
    if json { self::json(value) } else { bytes(text().as_bytes()) }
}

/// Prints a value as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<(), Failure> {
    let mut text = serde_json::to_vec_pretty(value).map_err(anyhow::Error::from)?;
    text.push(b'\n');
    bytes(&text)
}

/// Prints. A reader that has seen enough (`head`) is no error.
pub(crate) fn bytes(text: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

/// A network, or an endpoint in one, by its identifiers; nothing: neither is named.
pub(crate) fn place(network: &str, endpoint: Option<&str>) -> String {
    let named = [Some(network), endpoint].into_iter().flatten().filter(|id| !id.is_empty());
    named.map(short).collect::<Vec<_>>().join("/")
}

/// As much of an identifier as Docker shows.
pub(crate) fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}
