//! One look at the firewall serves many questions: whoever verifies a thousand endpoints asks a thousand times, and
//! listing our tables takes `nft` longer the more there is in them. The kernel numbers the states of its ruleset.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::element::Element;
use super::neighbours::Wanted;
use super::nfnetlink::{HEAD, NF_TABLES, UNSPECIFIED, about};
use super::{Firewall, FirewallError};
use crate::netlink::{Channel, Failure, Request, attribute};

/// The old iptables changes without a new number.
const FRESH: Duration = Duration::from_secs(1);
const GET_GENERATION: u16 = NF_TABLES | 16;
const GENERATION_ID: u16 = 1;

/// What was seen.
#[derive(Debug)]
pub(super) struct Look {
    generation: Option<u32>,
    at: Instant,
    /// The elements in our tables; none: the tables are not as they were made.
    pub(super) there: Option<HashSet<Element>>,
    /// Whether others' chains have our rules as they should.
    pub(super) settled: bool,
}

impl Firewall {
    /// The last look, or a new one where something changed since.
    pub(super) async fn look(&self) -> Result<Arc<Look>, FirewallError> {
        let mut last = self.seen.lock().await;
        let generation = self.netfilter.run(|channel| Ok::<_, FirewallError>(generation(channel)?)).await?;
        if let Some(look) = last.as_ref().filter(|look| look.generation == generation && look.at.elapsed() < FRESH) {
            return Ok(Arc::clone(look));
        }
        let at = Instant::now();
        let there = self.tables.intact().await?;
        let settled = match &there {
            Some(there) => self.neighbours.is_settled(Wanted::of(there), there).await?,
            None => false,
        };
        let there = there.map(|there| there.into_iter().collect());
        Ok(Arc::clone(last.insert(Arc::new(Look { generation, at, there, settled }))))
    }
}

fn generation(channel: &mut Channel) -> Result<Option<u32>, Failure> {
    let request = Request { kind: GET_GENERATION, flags: 0, body: about(UNSPECIFIED) };
    let messages = channel.request(&request)?;
    Ok(messages.iter().find_map(|message| {
        let value = attribute(message.body.get(HEAD..)?, GENERATION_ID)?;
        Some(u32::from_be_bytes(value.try_into().ok()?))
    }))
}
