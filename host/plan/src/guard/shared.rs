//! What several networks of this host have in common: said by each of them, and the same in all their plans.
//!
//! What another network has already may have come from another module of the same name, under other grants. So who shares
//! a bridge is granted what is plugged into it, too.

use super::denial::{Broken, Rule};
use super::scene::{Scene, Stage};
use super::{Asked, uplink};
use crate::{Action, AdmittedStep, BridgeOwner, Datapath, Label, SharedStep, Uplink, VlanId};

/// Most bytes in a key: it stands in messages and in what the host calls what is shared.
const LONGEST: usize = 128;

pub(super) fn check(scene: &Scene<'_>) -> Result<(), Broken> {
    let Some(key) = scene.step.shared.as_deref() else { return Ok(()) };
    let readable = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    if key.is_empty() || key.len() > LONGEST || !key.bytes().all(readable) || key.trim() != key {
        let right = format!("a key is 1 to {LONGEST} printable ASCII characters, such as \"uplink eth1\"");
        return Err(broken(format_args!("\"{key}\""), right));
    }
    if !matches!(scene.request.asked, Asked::Network) {
        return Err(broken(format_args!("\"{key}\""), "only what a network's own plan makes can be shared"));
    }
    let action = &scene.step.action;
    if !can_be_shared(action) {
        let right = "a bridge, an uplink, a host port, its forwarding and what is in the northbound database are";
        return Err(broken(action.kind(), format!("no {} is shared: {right}", action.kind())));
    }
    grounds(action).try_for_each(|ground| is_shared(ground, key, scene))?;
    standing(scene, key).try_for_each(|other| like(other, scene))?;
    plugged(scene, key).try_for_each(|other| uplink::granted(other, scene))
}

/// Whether the name of a bridge's owner is that of what this step shares.
pub(super) fn owns(scene: &Scene<'_>, owner: &str) -> bool {
    let Some(key) = scene.step.shared.as_deref() else { return false };
    scene.request.host.shared.iter().any(|other| *other.id == *owner && other.step.shared.as_deref() == Some(key))
}

/// What to do where the bridge is shared under another key: that may name the same wire otherwise.
pub(super) fn by_another_name(scene: &Scene<'_>, owner: &BridgeOwner) -> Option<String> {
    let ours = scene.step.shared.as_deref()?;
    let BridgeOwner::Network(owner) = owner else { return None };
    let other = scene.request.host.shared.iter().find(|other| other.id == *owner)?;
    let theirs = other.step.shared.as_deref()?;
    let holder = &other.holder;
    Some(format!(
        "which network {holder} shares as \"{theirs}\", and this one would as \"{ours}\": name it as that network does"
    ))
}

fn can_be_shared(action: &Action) -> bool {
    match action {
        Action::Bridge(_)
        | Action::Uplink(_)
        | Action::HostPort(_)
        | Action::Forward(_)
        | Action::LogicalSwitch(_)
        | Action::LogicalRouter(_)
        | Action::RouterPort(_)
        | Action::StaticRoute(_)
        | Action::Localnet(_)
        | Action::Acl(_)
        | Action::LogicalNat(_) => true,
        Action::EndpointPort(_)
        | Action::Masquerade(_)
        | Action::Publish(_)
        | Action::Tunnel(_)
        | Action::LoadBalancer(_)
        | Action::Custom(_) => false,
    }
}

/// The steps that an action builds on.
fn grounds(action: &Action) -> impl Iterator<Item = &Label> {
    let switch = match action {
        Action::RouterPort(port) => Some(&port.switch),
        _ => None,
    };
    action.on().into_iter().chain(switch)
}

/// Checks that what a shared step builds on does not go before it.
fn is_shared(ground: &Label, key: &str, scene: &Scene<'_>) -> Result<(), Broken> {
    let step = scene.earlier.iter().find(|step| step.label == *ground);
    match step {
        Some(step) if step.shared.as_deref() != Some(key) => {
            let right = format!("it builds on \"{ground}\", which is not: share both under this key, or neither");
            Err(broken(format_args!("\"{key}\""), right))
        }
        Some(_) | None => Ok(()),
    }
}

/// The same step in the plans of other networks.
fn standing<'a>(scene: &Scene<'a>, key: &'a str) -> impl Iterator<Item = &'a SharedStep> {
    let label = &scene.step.label;
    others(scene, key).filter(move |other| other.step.label == *label)
}

/// The uplinks that other networks have on the bridge of this step.
fn plugged<'a>(scene: &Scene<'a>, key: &'a str) -> impl Iterator<Item = &'a Uplink> {
    let label = &scene.step.label;
    others(scene, key).filter_map(move |other| match &other.step.action {
        Action::Uplink(uplink) if uplink.bridge == *label => Some(uplink),
        _ => None,
    })
}

fn others<'a>(scene: &Scene<'a>, key: &'a str) -> impl Iterator<Item = &'a SharedStep> {
    let network = &scene.request.network.id;
    let under_key = move |step: &AdmittedStep| step.shared.as_deref() == Some(key);
    scene.request.host.shared.iter().filter(move |other| other.holder != *network && under_key(&other.step))
}

/// Checks that a step is what another network has. What is stored was, when it was made.
fn like(other: &SharedStep, scene: &Scene<'_>) -> Result<(), Broken> {
    let (theirs, ours) = (&other.step.action, &uplink::resolved(&scene.step.action, scene.request.host));
    if scene.stage == Stage::Stored || theirs == ours {
        return Ok(());
    }
    let (key, kind) = (other.step.shared.as_deref().unwrap_or_default(), ours.kind());
    let right = format!(
        "network {} shares \"{key}\" and has {} there, not {}: ask for the same, or remove that network first",
        other.holder,
        said(theirs),
        said(ours)
    );
    Err(broken(kind, right).blame(format!("{kind} \"{}\"", scene.step.label)))
}

/// An action in words, as far as networks come to differ about it.
fn said(action: &Action) -> String {
    match action {
        Action::Bridge(bridge) => {
            let named = bridge.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
            let datapath = match bridge.datapath {
                Datapath::Auto => "auto",
                Datapath::System => "system",
                Datapath::Netdev => "netdev",
            };
            format!("a bridge{named} with datapath {datapath}")
        }
        Action::Uplink(uplink) => format!("the uplink {}{}", uplink.name, vlans(uplink.vlan, &uplink.trunks)),
        Action::HostPort(port) => {
            let addresses: Vec<_> = port.addresses.iter().map(ToString::to_string).collect();
            let mtu = port.mtu.map(|mtu| format!(" and MTU {mtu}")).unwrap_or_default();
            format!("a host port with [{}]{}{mtu}", addresses.join(", "), vlans(port.vlan, &[]))
        }
        Action::Forward(forward) => format!("a forward with hairpin {}", forward.hairpin),
        other => format!("another {}", other.kind()),
    }
}

fn vlans(vlan: Option<VlanId>, trunks: &[VlanId]) -> String {
    let ids: Vec<_> = vlan.iter().chain(trunks).map(ToString::to_string).collect();
    if ids.is_empty() { String::new() } else { format!(" in VLAN {}", ids.join(", ")) }
}

fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::Shared, value, right)
}
