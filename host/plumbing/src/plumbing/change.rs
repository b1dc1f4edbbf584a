//! From one plan to another: what both have is changed where it stands, rules come and go in one transaction.

use tokio::time::Instant;

use super::Plumbing;
use super::perform::rules;
use crate::kind;
use crate::link::VethSpec;
use crate::{Error, Work};

impl Plumbing {
    pub(super) async fn change_work(&self, from: &Work, to: &Work, deadline: Instant) -> Result<(), Error> {
        let (before, mut parts) = (kind::all_parts(from)?, kind::all_parts(to)?);
        let stands = |veth: &mut VethSpec| before.iter().flat_map(|parts| &parts.veth).any(|old| old.name == veth.name);
        for parts in &mut parts {
            if let Some(veth) = parts.veth.take_if(stands) {
                self.still_there(&veth).await?;
            }
        }
        let come = rules(&parts);
        let leave: Vec<_> = rules(&before).into_iter().filter(|rule| !come.contains(rule)).collect();
        self.perform_parts(to, parts, &leave, deadline).await
    }

    /// Checks that a container's link was not lost: nobody can make it again.
    async fn still_there(&self, veth: &VethSpec) -> Result<(), Error> {
        match self.links.get(&veth.name).await? {
            Some(link) if link.alias == veth.alias => Ok(()),
            Some(_) | None => Err(Error::LinkGone { name: veth.name.to_string() }),
        }
    }
}
