//! `[grants.NAME]`: what a mode may do, bound to the digest of its module.

use std::collections::BTreeMap;

use figment::value::Value;
use plan::{Grant, Grants, ModeDigest};
use policy::GrantSection;

use super::reader::Reader;

pub(super) fn read(reader: &mut Reader) -> BTreeMap<String, GrantSection> {
    let names = reader.names_below("grants");
    names.into_iter().map(|name| (name.clone(), section(&name, reader))).collect()
}

fn section(name: &str, reader: &mut Reader) -> GrantSection {
    let mut section = GrantSection::default();
    reader.set(&format!("grants.{name}.digest"), &mut section.digest, |value| digest(value).map(Some));
    reader.set(&format!("grants.{name}.allow"), &mut section.allow, allow);
    section
}

fn digest(value: &Value) -> Result<String, String> {
    let text = value.as_str().unwrap_or_default();
    let right = |_| "the file's SHA-256 in hexadecimal, as sha256sum prints it".to_owned();
    ModeDigest::new(text).map(String::from).map_err(right)
}

fn allow(value: &Value) -> Result<Grants, String> {
    let right = |error: String| format!("a list such as [\"nat\", \"uplink=eth1\"]{error}");
    let items = value.as_array().ok_or_else(|| right(String::new()))?;
    let grant = |item: &Value| {
        let text = item.as_str().ok_or_else(|| right(String::new()))?;
        text.parse::<Grant>().map_err(|error| right(format!(" ({error})")))
    };
    items.iter().map(grant).collect::<Result<_, _>>().map(Grants)
}
