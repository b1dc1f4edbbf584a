//! An uplink: a host interface that a user named, on which the host itself does not depend.
//!
//! A frame that Open vSwitch takes from an interface never reaches the host's own stack, so an uplink that carries the
//! host's address, or anything stacked on it that does, would cut the host off.

use super::denial::{Broken, Rule};
use super::link;
use super::scene::{Scene, Stage};
use super::{shared, tunnel};
use crate::{
    Action, Admitted, AdmittedStep, Bridge, BridgeOwner, Capability, HostBridge, HostFacts, HostInterface,
    InterfaceName, Uplink,
};

pub(super) fn check(uplink: &Uplink, scene: &Scene<'_>) -> Result<(), Broken> {
    let bridge = scene.bridge(&uplink.bridge)?;
    granted(uplink, scene)?;
    tunnel::one_way_out(scene)?;
    scene.named(Capability::Uplink, &uplink.name)?;
    link::vlans(uplink.vlan, &uplink.trunks, scene)?;
    let usable = match scene.request.host.interface(&uplink.name) {
        Some(link) => free(link, bridge, scene),
        None if scene.stage == Stage::Stored => Ok(()),
        None => Err(broken(&uplink.name, "no link has this name (ip link)")),
    };
    usable.map_err(|broken| broken.blame_option(&uplink.name, scene.request))
}

/// Checks that the mode may take an interface, under any of its names.
pub(super) fn granted(uplink: &Uplink, scene: &Scene<'_>) -> Result<(), Broken> {
    let host = scene.request.host;
    let found = host.interface(&uplink.name);
    let is_it = |granted: &str| {
        granted == &*uplink.name
            || found.is_some_and(|link| host.interface(granted).is_some_and(|it| it.index == link.index))
    };
    scene.granted_for(Capability::Uplink, &uplink.name, is_it)
}

/// Gives uplinks their links' own names, which no `ip link property` can take away.
pub(super) fn resolve(plan: &mut Admitted, host: &HostFacts) {
    for step in &mut plan.steps {
        step.action = resolved(&step.action, host);
    }
}

/// An action, with its link's own name if it is an uplink's.
pub(super) fn resolved(action: &Action, host: &HostFacts) -> Action {
    let Action::Uplink(uplink) = action else { return action.clone() };
    let own = host.interface(&uplink.name).and_then(|link| InterfaceName::new(&link.name).ok());
    Action::Uplink(Uplink { name: own.unwrap_or_else(|| uplink.name.clone()), ..uplink.clone() })
}

fn free(link: &HostInterface, bridge: &AdmittedStep, scene: &Scene<'_>) -> Result<(), Broken> {
    let host = scene.request.host;
    let twice = |step: &AdmittedStep| match &step.action {
        Action::Uplink(other) => host.interface(&other.name).is_some_and(|other| other.index == link.index),
        _ => false,
    };
    if scene.earlier.iter().any(twice) {
        return Err(broken(&link.name, "an earlier step has it already"));
    }
    device(link, host)?;
    unattached(link, bridge, scene)?;
    match above(link, host).into_iter().find(|over| over.addressed || over.default_route) {
        None => Ok(()),
        Some(over) => Err(carries(link, over)),
    }
}

/// Checks that it is a link with a wire behind it, not one of a switch or of a driver.
fn device(link: &HostInterface, host: &HostFacts) -> Result<(), Broken> {
    let why = if link.name == "lo" {
        "the loopback interface leads nowhere"
    } else if host.bridge(&link.name).is_some() {
        "it is a bridge's own port"
    } else if link.kind == "openvswitch" {
        "it is a port that Open vSwitch made"
    } else if link.kind == "bridge" {
        "it is another switch"
    } else if link.ours {
        "it is a link that a network driver made"
    } else {
        return Ok(());
    };
    Err(broken(&link.name, format!("{why}, take an interface that leads to the wire")))
}

/// Checks that it is in no bond, bridge or team; on the step's own bridge it may be already.
fn unattached(link: &HostInterface, bridge: &AdmittedStep, scene: &Scene<'_>) -> Result<(), Broken> {
    let host = scene.request.host;
    let at_home = match (holder(link, host), name(bridge)) {
        (Some(holder), Some(own)) if holder.name == own => true,
        (Some(holder), _) => {
            let what = match is_own(holder, scene) {
                true => STAYS.to_owned(),
                false => shared::by_another_name(scene, &holder.owner)
                    .unwrap_or_else(|| "take it off or use that bridge".to_owned()),
            };
            return Err(broken(&link.name, format!("it is on bridge {}, {what}", holder.name)));
        }
        (None, _) => false,
    };
    let master = link.master.map(|index| host.interfaces.iter().find(|other| other.index == index));
    match master {
        None => Ok(()),
        Some(Some(master)) if at_home && master.kind == "openvswitch" => Ok(()),
        Some(master) => {
            let master = master.map_or("another link", |master| &master.name);
            Err(broken(&link.name, format!("it is enslaved to {master}, release it or take {master}")))
        }
    }
}

/// What to do where a network is to have its uplink on another bridge than the one that it has: frames would go astray
/// while it is moved.
const STAYS: &str = "which this network has, and an uplink is not moved from one bridge to another: leave the bridge's \
                     name and datapath as they are, or remove the network and create it again";

/// Whether a bridge is one that this network has, alone or with others.
fn is_own(bridge: &HostBridge, scene: &Scene<'_>) -> bool {
    match &bridge.owner {
        BridgeOwner::Network(owner) => *owner == scene.request.network.id || shared::owns(scene, owner),
        BridgeOwner::OtherInstance(_) | BridgeOwner::Stranger => false,
    }
}

/// The bridge that holds a link, under any of its names.
fn holder<'a>(link: &HostInterface, host: &'a HostFacts) -> Option<&'a HostBridge> {
    let held = |name: &String| *name == link.name || link.alternatives.contains(name);
    host.bridges.iter().find(|bridge| bridge.interfaces.iter().any(held))
}

/// The name of a step's bridge, if it has one yet.
fn name(bridge: &AdmittedStep) -> Option<&str> {
    match &bridge.action {
        Action::Bridge(Bridge { name: Some(name), .. }) => Some(name),
        _ => bridge.name.as_deref(),
    }
}

/// The link and all that is stacked on it: its VLANs and the like, the bridges and bonds those are in, and so on.
fn above<'a>(link: &'a HostInterface, host: &'a HostFacts) -> Vec<&'a HostInterface> {
    let mut stack = vec![link];
    let mut next = 0;
    while let Some(&lower) = stack.get(next) {
        let upper = |other: &&HostInterface| {
            other.parent == Some(lower.index)
                || (next > 0 && (lower.master == Some(other.index) || switched(lower, other, host)))
        };
        let new: Vec<_> = host.interfaces.iter().filter(upper).collect();
        for upper in new {
            if !stack.iter().any(|known| known.index == upper.index) {
                stack.push(upper);
            }
        }
        next += 1;
    }
    stack
}

/// Whether one link is a bridge's own port and the other a port of that bridge.
fn switched(lower: &HostInterface, upper: &HostInterface, host: &HostFacts) -> bool {
    holder(lower, host).is_some_and(|bridge| bridge.name == upper.name)
}

fn carries(link: &HostInterface, over: &HostInterface) -> Broken {
    let what = if over.default_route { "the default route" } else { "an address" };
    let through = if over.index == link.index { String::new() } else { format!(" through {}", over.name) };
    let right = format!("it carries {what} of the host{through}: the host would be cut off, take an interface without");
    broken(&link.name, right)
}

fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::Uplink, value, right)
}
