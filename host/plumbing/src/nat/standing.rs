//! Which links stand in the sets of our tables. Asked of the kernel itself: `nft` would take a process to answer, and
//! longer the more is published.

use std::collections::HashSet;

use super::element::Element;
use super::neighbours::{UNGUARDED, Wanted};
use super::nfnetlink::{HEAD, INET, NF_TABLES, about};
use super::{Firewall, FirewallError, forwarding};
use crate::netlink::{Channel, Failure, Request, attribute, attributes, text};

const GET_ELEMENTS: u16 = NF_TABLES | 13;
const TABLE: u16 = 1;
const SET: u16 = 2;
const ELEMENTS: u16 = 3;
const KEY: u16 = 1;
const VALUE: u16 = 1;
/// The kernel's room for a link's name.
const NAME: usize = 16;

/// What stands in our tables, as far as things around them hang on it.
#[derive(Debug)]
pub(super) struct Standing {
    /// The host ports that something is forwarded from.
    pub(super) gateways: Vec<String>,
    /// Whether a port is opened without translation.
    pub(super) routed: bool,
    /// The links that are closed to what is new.
    pub(super) closed: Vec<Element>,
    /// Docker's bridges that Docker does not guard itself.
    pub(super) unguarded: HashSet<Element>,
}

impl Standing {
    /// What is wanted of others' chains for that.
    pub(super) fn wanted(&self) -> Wanted {
        Wanted { forward: !self.gateways.is_empty(), routed: self.routed }
    }
}

impl Firewall {
    /// What stands there now.
    pub(super) async fn standing(&self) -> Result<Standing, FirewallError> {
        let table = self.config.table.clone();
        self.netfilter.run(move |channel| Ok(read(channel, &table)?)).await
    }
}

fn read(channel: &mut Channel, table: &str) -> Result<Standing, Failure> {
    let mut elements = |set| {
        let links = links(channel, table, set)?.into_iter();
        Ok::<_, Failure>(links.map(|name| Element::link(set, name)).collect::<Vec<_>>())
    };
    let closed = forwarding::SETS.map(&mut elements).into_iter().collect::<Result<Vec<_>, _>>()?.concat();
    let unguarded = elements(UNGUARDED)?.into_iter().collect();
    let routed = !links(channel, table, "opened4")?.is_empty() || !links(channel, table, "opened6")?.is_empty();
    Ok(Standing { gateways: links(channel, table, "gateways")?, routed, closed, unguarded })
}

/// The link that each key of a set begins with; none where there is no such set.
fn links(channel: &mut Channel, table: &str, set: &str) -> Result<Vec<String>, Failure> {
    let body = about(INET).text(TABLE, table).text(SET, set);
    match channel.request(&Request { kind: GET_ELEMENTS, flags: libc::NLM_F_DUMP, body }) {
        Ok(messages) => Ok(messages.iter().flat_map(|message| names(&message.body)).collect()),
        Err(failure) if failure.is(libc::ENOENT) => Ok(Vec::new()),
        Err(failure) => Err(failure),
    }
}

fn names(body: &[u8]) -> Vec<String> {
    let elements = body.get(HEAD..).and_then(|rest| attribute(rest, ELEMENTS)).unwrap_or_default();
    let keys = attributes(elements).filter_map(|(_, element)| attribute(attribute(element, KEY)?, VALUE)?.get(..NAME));
    keys.map(text).collect()
}
