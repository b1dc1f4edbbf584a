//! From one plan to another: what both have is changed where it stands, rules come and go in one transaction.

use plan::InterfaceName;
use tokio::time::Instant;

use super::Plumbing;
use super::perform::rules;
use crate::guard::guarded_by;
use crate::kind::{self, Parts};
use crate::link::VethSpec;
use crate::{Error, Work};

impl Plumbing {
    pub(super) async fn change_work(&self, from: &Work, to: &Work, deadline: Instant) -> Result<(), Error> {
        let (before, mut parts) = (kind::all_parts(from)?, kind::all_parts(to)?);
        self.check_new_tunnels(&parts, deadline).await?;
        self.check_routes(&parts, deadline).await?;
        let stands = |veth: &mut VethSpec| before.iter().flat_map(|parts| &parts.veth).any(|old| old.name == veth.name);
        for parts in &mut parts {
            if let Some(veth) = parts.veth.take_if(stands) {
                self.still_there(&veth).await?;
            }
        }
        let ports = |parts: &[Parts]| -> Vec<InterfaceName> {
            parts.iter().flat_map(Parts::ports).map(|port| port.name.clone()).collect()
        };
        // A link that is not guarded any more leaves its patch behind.
        let (kept, mut left) = (ports(&parts), ports(&before));
        left.retain(|name| guarded_by(name).is_some_and(|port| kept.iter().any(|kept| kept.as_str() == port)));
        left.retain(|name| !kept.contains(name));
        let come = rules(&parts);
        let leave: Vec<_> = rules(&before).into_iter().filter(|rule| !come.contains(rule)).collect();
        self.perform_parts(to, &mut parts, &leave, deadline).await?;
        self.ovs.remove_ports(&left, deadline).await
    }

    /// Checks that a container's link was not lost: nobody can make it again.
    async fn still_there(&self, veth: &VethSpec) -> Result<(), Error> {
        match self.links.get(&veth.name).await? {
            Some(link) if link.alias == veth.alias => Ok(()),
            Some(_) | None => Err(Error::LinkGone { name: veth.name.to_string() }),
        }
    }
}
