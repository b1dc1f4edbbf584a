//! A bridge: the network's own, or one that a user named and nobody else needs for themselves.

use super::denial::{Broken, Rule};
use super::scene::{Scene, Stage};
use super::shared::owns;
use crate::{Action, Bridge, BridgeName, BridgeOwner, Capability, Datapath, HostBridge};

/// OVN's bridge: its flows are rewritten by ovn-controller.
const INTEGRATION: &str = "br-int";
/// Names that the kernel or Open vSwitch keep for themselves.
const RESERVED: [&str; 5] = ["lo", "all", "default", "ovs-system", "ovs-netdev"];

pub(super) fn check(bridge: &Bridge, scene: &Scene<'_>) -> Result<(), Broken> {
    if let Some(other) = scene.earlier.iter().find(|step| matches!(step.action, Action::Bridge(_))) {
        return Err(broken("a second bridge", format!("a network has one, put its ports on \"{}\"", other.label)));
    }
    datapath(bridge.datapath, scene).map_err(|broken| broken.blame_option("system", scene.request))?;
    match &bridge.name {
        Some(name) => named(name, scene).map_err(|broken| broken.blame_option(name, scene.request)),
        None => own(scene),
    }
}

fn datapath(datapath: Datapath, scene: &Scene<'_>) -> Result<(), Broken> {
    if datapath != Datapath::System || scene.request.host.kernel_datapath || scene.stage == Stage::Stored {
        return Ok(());
    }
    Err(broken("datapath system", "this kernel has no openvswitch module: ask for auto or netdev"))
}

fn named(name: &BridgeName, scene: &Scene<'_>) -> Result<(), Broken> {
    if &**name == INTEGRATION {
        return Err(broken(name, "it belongs to OVN, take another bridge"));
    }
    scene.granted_for(Capability::Bridge, name, |granted| granted == &**name)?;
    scene.named(Capability::Bridge, name)?;
    match scene.request.host.bridge(name) {
        Some(existing) => shared(existing, scene),
        None => free(name, scene),
    }
}

/// A bridge that exists may be used if it is the user's, or if an earlier call for this network made it.
fn shared(bridge: &HostBridge, scene: &Scene<'_>) -> Result<(), Broken> {
    let name = &bridge.name;
    match &bridge.owner {
        BridgeOwner::Network(network) if *network == scene.request.network.id || owns(scene, network) => Ok(()),
        BridgeOwner::Network(network) => Err(broken(name, format!("it belongs to network {network}"))),
        BridgeOwner::OtherInstance(other) => {
            Err(broken(name, format!("it belongs to another driver, instance {other}")))
        }
        BridgeOwner::Stranger if bridge.controller => {
            Err(broken(name, "a controller programs it, take a bridge without one (ovs-vsctl get-controller)"))
        }
        BridgeOwner::Stranger => Ok(()),
    }
}

/// A bridge that is to be made brings a link of its name with it.
fn free(name: &BridgeName, scene: &Scene<'_>) -> Result<(), Broken> {
    if RESERVED.contains(&&**name) || scene.request.host.interface(name).is_some() {
        return Err(broken(name, "a link has this name, take another"));
    }
    Ok(())
}

/// The network's own bridge has no name before it is admitted; afterwards it has one that only we use.
fn own(scene: &Scene<'_>) -> Result<(), Broken> {
    let existing = scene.step.name.as_ref().and_then(|name| scene.request.host.bridge(name));
    existing.map_or(Ok(()), |bridge| match bridge.owner {
        BridgeOwner::Stranger => {
            Err(broken(&bridge.name, "somebody else made a bridge of this name, remove or rename it"))
        }
        BridgeOwner::Network(_) | BridgeOwner::OtherInstance(_) => shared(bridge, scene),
    })
}

fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::Bridge, value, right)
}
