//! Whose an element is now. `nft` deletes by key, whatever stands there, and what could not all be undone is undone again
//! later: by then another container may have published the same port. Asked of the kernel itself, a key at a time, so that
//! it costs the same at the first port and the thousandth.

use std::net::IpAddr;

use super::element::{Element, elements};
use super::nfnetlink::{ARP, HEAD, INET, NF_TABLES, about};
use super::{Firewall, FirewallError, Rule};
use crate::netlink::{Body, Channel, Failure, Request, attribute, text};

const GET_ELEMENT: u16 = NF_TABLES | 13;
const TABLE: u16 = 1;
const SET: u16 = 2;
const ELEMENTS: u16 = 3;
const LIST_ITEM: u16 = 1;
const KEY: u16 = 1;
const USER_DATA: u16 = 6;
const VALUE: u16 = 1;
/// Of what `nft` keeps with an element.
const COMMENT: u8 = 0;
/// The kernel's room for a link's name.
const NAME: usize = 16;

impl Firewall {
    /// Those of some rules whose places nobody else has taken.
    pub(super) async fn not_taken(&self, rules: &[Rule]) -> Result<Vec<Rule>, FirewallError> {
        let (table, rules) = (self.config.table.clone(), rules.to_vec());
        let look = move |channel: &mut Channel| {
            let mut kept = Vec::new();
            for rule in rules {
                if !is_taken(channel, &table, &rule)? {
                    kept.push(rule);
                }
            }
            Ok(kept)
        };
        self.netfilter.run(look).await
    }
}

fn is_taken(channel: &mut Channel, table: &str, rule: &Rule) -> Result<bool, Failure> {
    for element in elements(rule) {
        if is_anothers(channel, table, &element)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether somebody else's element stands at an element's key.
fn is_anothers(channel: &mut Channel, table: &str, element: &Element) -> Result<bool, Failure> {
    let (Some(key), Some(own)) = (key(element), &element.comment) else { return Ok(false) };
    let family = if element.family == "arp" { ARP } else { INET };
    let wanted = Body::default().nest(KEY, Body::default().put(VALUE, &key));
    let list = Body::default().nest(LIST_ITEM, wanted);
    let body = about(family).text(TABLE, table).text(SET, &element.set).nest(ELEMENTS, list);
    match channel.request(&Request { kind: GET_ELEMENT, flags: 0, body }) {
        Ok(messages) => Ok(messages.iter().any(|message| comment(&message.body).as_ref() != Some(own))),
        Err(failure) if failure.is(libc::ENOENT) => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// A key as the kernel has it: each part padded to 4 bytes. None for one with a range in it: it begins with a host port,
/// which is nobody else's.
fn key(element: &Element) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for (index, part) in element.key.iter().enumerate() {
        let left = element.key.len() - index;
        match part.parse() {
            _ if element.set.starts_with("masquerade") => return None,
            _ if index < element.names() => bytes.extend(padded(part.as_bytes(), NAME)?),
            Ok(IpAddr::V4(address)) => bytes.extend(address.octets()),
            Ok(IpAddr::V6(address)) => bytes.extend(address.octets()),
            // The last two are a protocol and a port.
            Err(_) if left == 2 => bytes.extend(padded(&[part.parse().ok()?], 4)?),
            Err(_) => bytes.extend(padded(&part.parse::<u16>().ok()?.to_be_bytes(), 4)?),
        }
    }
    Some(bytes)
}

fn padded(bytes: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut padded = bytes.to_vec();
    padded.resize(length, 0);
    (bytes.len() <= length).then_some(padded)
}

/// The comment of the first element in a message.
fn comment(body: &[u8]) -> Option<String> {
    let element = attribute(attribute(body.get(HEAD..)?, ELEMENTS)?, LIST_ITEM)?;
    let mut data = attribute(element, USER_DATA)?;
    // A kind, a length and a value each.
    while let [kind, length, rest @ ..] = data {
        let value = rest.get(..usize::from(*length))?;
        if *kind == COMMENT {
            return Some(text(value));
        }
        data = &rest[value.len()..];
    }
    None
}
