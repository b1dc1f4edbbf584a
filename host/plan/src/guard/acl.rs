//! What becomes of packets: on the network's own switch it is the network's to say, on its VRF's what is about the
//! network's own pools. What every network of the VRF says there closes it, or lets pass what has the router's address.

use ipnet::IpNet;

use super::denial::Broken;
use super::logical::{self, Outside, Whose, broken};
use super::scene::Scene;
use crate::{Acl, Verdict};

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
    match whose {
        Whose::Own => Ok(()),
        Whose::Users => {
            let right = "the rules of a switch that a user named are its owner's: leave it out";
            Err(broken(format_args!("a rule on \"{}\"", acl.switch), right))
        }
        Whose::Join | Whose::Outside => of_vrf(acl, whose, scene),
    }
}

fn of_vrf(acl: &Acl, whose: Whose, scene: &Scene<'_>) -> Result<(), Broken> {
    let network = scene.request.network;
    let all = |nets: &[IpNet], is: &dyn Fn(&IpNet) -> bool| !nets.is_empty() && nets.iter().all(is);
    let about = |is: &dyn Fn(&IpNet) -> bool| all(&acl.sources, is) || all(&acl.destinations, is);
    if about(&|net| logical::in_pools(&net.trunc(), network)) {
        return Ok(());
    }
    let right = match (&scene.step.shared, acl.verdict) {
        (None, _) => "other networks are on it, too: name pools of this one on one side, or share the rule",
        (Some(_), Verdict::Drop) => return Ok(()),
        (Some(_), Verdict::Allow | Verdict::AllowRelated) => {
            let routers = Outside::of(network).addresses;
            let is_routers = |net: &IpNet| routers.iter().any(|router| IpNet::from(router.addr()) == *net);
            if whose == Whose::Outside && about(&is_routers) {
                return Ok(());
            }
            "it would let others pass: name pools of this network on one side, or the router's addresses in the physical \
             network"
        }
    };
    Err(broken(format_args!("a rule on \"{}\"", acl.switch), right))
}
