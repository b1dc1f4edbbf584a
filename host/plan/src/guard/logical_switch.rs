//! A logical switch: the network's own, one that a user named, or one of its VRF's.

use super::denial::Broken;
use super::logical::{self, Whose, broken};
use super::scene::{Scene, Stage};
use crate::{Action, Capability, LogicalSwitch};

/// Bytes of a name.
const LONGEST: usize = 255;

pub(super) fn check(switch: &LogicalSwitch, scene: &Scene<'_>) -> Result<(), Broken> {
    match &switch.name {
        Some(name) => named(name, scene)?,
        None => logical::vrf(&switch.vrf, scene)?,
    }
    let network = scene.request.network;
    let whose = logical::whose(switch, network)?;
    if let Some(strange) =
        switch.subnets.iter().find(|subnet| whose == Whose::Users && !logical::in_pools(subnet, network))
    {
        return Err(broken(strange, "the subnets of a switch that a user named are the network's pools"));
    }
    if matches!(whose, Whose::Join | Whose::Outside) && scene.stage == Stage::Fresh {
        not_anothers(switch, scene)?;
    }
    let of_network = |whose| matches!(whose, Whose::Own | Whose::Users);
    let second = scene.earlier.iter().find(|step| match &step.action {
        Action::LogicalSwitch(other) => {
            other.subnets == switch.subnets || logical::whose(other, network).is_ok_and(of_network) && of_network(whose)
        }
        _ => false,
    });
    match second {
        Some(other) => Err(broken("a second switch", format!("a network has one, \"{}\" is it already", other.label))),
        None => Ok(()),
    }
}

/// Checks that what is the VRF's own is no other network's: a switch is told from the VRF's others by its subnets, so that
/// one with a network's pools would be that network's.
fn not_anothers(switch: &LogicalSwitch, scene: &Scene<'_>) -> Result<(), Broken> {
    let pools = scene.request.host.vrfs.get(&switch.vrf).into_iter().flatten();
    let mut both = pools.flat_map(|pool| switch.subnets.iter().map(move |subnet| (subnet, pool)));
    match both.find(|(subnet, pool)| pool.contains(*subnet) || subnet.contains(*pool)) {
        Some((subnet, pool)) => Err(broken(subnet, format!("another network of VRF {} has {pool}", switch.vrf))),
        None => Ok(()),
    }
}

fn named(name: &str, scene: &Scene<'_>) -> Result<(), Broken> {
    if name.is_empty() || name.len() > LONGEST || name.chars().any(char::is_control) {
        let right = format!("the name of a switch has 1 to {LONGEST} bytes, and no control characters");
        return Err(broken(format_args!("\"{name}\""), right).blame_option(name, scene.request));
    }
    if name.starts_with(LogicalSwitch::OURS) {
        let right = format!(
            "what is named {}... drivers have made: networks are on it by their vrf and subnets",
            LogicalSwitch::OURS
        );
        return Err(broken(format_args!("\"{name}\""), right).blame_option(name, scene.request));
    }
    scene.granted_for(Capability::Ovn, name, |granted| granted == name)?;
    scene.named(Capability::Ovn, name)
}
