//! From one plan to another: what both have is changed where it stands, rules come and go in one transaction.

use tokio::time::Instant;

use super::Plumbing;
use super::perform::rules;
use crate::kind;
use crate::{Error, Work};

impl Plumbing {
    pub(super) async fn change_work(&self, from: &Work, to: &Work, deadline: Instant) -> Result<(), Error> {
        let (before, mut parts) = (kind::all_parts(from)?, kind::all_parts(to)?);
        for veth in parts.iter_mut().map(|parts| &mut parts.veth) {
            // One that is gone is nobody's to make again, and the switch says so.
            veth.take_if(|veth| before.iter().flat_map(|parts| &parts.veth).any(|stands| stands.name == veth.name));
        }
        let come = rules(&parts);
        let leave: Vec<_> = rules(&before).into_iter().filter(|rule| !come.contains(rule)).collect();
        self.perform_parts(to, parts, &leave, deadline).await
    }
}
