//! What becomes of packets: on the network's own switch it is the network's to say, on its VRF's what every network of it
//! says, or what is about the network's own pools.

use ipnet::IpNet;

use super::denial::Broken;
use super::logical::{self, Whose, broken};
use super::scene::Scene;
use crate::Acl;

/// OVN's highest priority.
const HIGHEST: u16 = 32767;

pub(super) fn check(acl: &Acl, scene: &Scene<'_>) -> Result<(), Broken> {
    let (_, whose) = logical::switch(&acl.switch, scene)?;
    if acl.priority > HIGHEST {
        return Err(broken(format_args!("priority {}", acl.priority), format!("at most {HIGHEST} is allowed")));
    }
    if acl.port == Some(0) || acl.port.is_some() && acl.protocol.is_none() {
        return Err(broken("a port", "it is 1 to 65535, of a protocol that is said"));
    }
    let own = |nets: &[IpNet]| {
        !nets.is_empty() && nets.iter().all(|net| logical::in_pools(&net.trunc(), scene.request.network))
    };
    match whose {
        Whose::Users => {
            let right = "the rules of a switch that a user named are its owner's: leave it out";
            Err(broken(format_args!("a rule on \"{}\"", acl.switch), right))
        }
        Whose::Join | Whose::Outside
            if scene.step.shared.is_none() && !own(&acl.sources) && !own(&acl.destinations) =>
        {
            let right = "other networks are on it, too: name pools of this one on one side, or share the rule";
            Err(broken(format_args!("a rule on \"{}\"", acl.switch), right))
        }
        Whose::Own | Whose::Join | Whose::Outside => Ok(()),
    }
}
