//! The other hosts of a bridge's segment: those that the network's options or the host itself name.

use std::net::IpAddr;

use super::denial::{Broken, Rule};
use super::scene::Scene;
use crate::{Action, AdmittedStep, Attribute, Capability, Tunnel, Value};

/// The largest number of a segment: 24 bits. 0 would take what has none.
const VNIS: std::ops::RangeInclusive<u32> = 1..=0x00ff_ffff;

pub(super) fn check(tunnel: &Tunnel, scene: &Scene<'_>) -> Result<(), Broken> {
    let bridge = scene.bridge(&tunnel.bridge)?;
    scene.granted(Capability::Tunnel)?;
    if let Some(key) = &bridge.shared {
        let right = format!(
            "\"{}\" is shared (\"{key}\"), and it would carry the VLANs of all who share it: take a bridge that is not",
            bridge.label
        );
        return Err(broken("a mesh", right));
    }
    if !VNIS.contains(&tunnel.vni) {
        return Err(broken(format_args!("number {}", tunnel.vni), "a segment's is 1 to 16777215"));
    }
    if let Some(other) = scene.earlier.iter().find(|step| matches!(step.action, Action::Tunnel(_))) {
        let right = format!("a network has one, \"{}\" is it already: put all peers there", other.label);
        return Err(broken("a second mesh", right));
    }
    one_way_out(scene)?;
    for (index, peer) in tunnel.peers.iter().enumerate() {
        if !is_host(*peer) {
            let named = broken(peer, "it is no host's: an address that one host is reached at is wanted");
            return Err(named.blame_option(&peer.to_string(), scene.request));
        }
        if tunnel.peers[..index].contains(peer) {
            return Err(broken(peer, "it is there twice").blame_option(&peer.to_string(), scene.request));
        }
        let network = scene.request.network;
        if !network.options.iter().chain(&network.facts).any(|known| names(known, *peer)) {
            return Err(broken(peer, "no option of the network names it, and no fact"));
        }
    }
    Ok(())
}

/// Checks that a mesh and an uplink are not on one bridge: hosts that do the same would have two ways to each other. Each
/// of the two asks for that, and the second one is refused.
pub(super) fn one_way_out(scene: &Scene<'_>) -> Result<(), Broken> {
    let is_another_way = |step: &&AdmittedStep| match (&step.action, &scene.step.action) {
        (Action::Uplink(wire), Action::Tunnel(mesh)) | (Action::Tunnel(mesh), Action::Uplink(wire)) => {
            wire.bridge == mesh.bridge
        }
        _ => false,
    };
    let Some(other) = scene.earlier.iter().find(is_another_way) else { return Ok(()) };
    let what = format!("{} beside {} \"{}\"", scene.step.action.kind(), other.action.kind(), other.label);
    Err(broken(what, "frames would circle between hosts that meet both ways: plan one of the two"))
}

fn is_host(address: IpAddr) -> bool {
    let is_broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
    !address.is_unspecified() && !address.is_loopback() && !address.is_multicast() && !is_broadcast
}

fn names(known: &Attribute, peer: IpAddr) -> bool {
    match &known.value {
        Value::Address(address) => *address == peer,
        Value::Text(text) => text.split(',').any(|text| text.trim().parse() == Ok(peer)),
        Value::Texts(texts) => texts.iter().any(|text| text.trim().parse() == Ok(peer)),
        Value::Integer(_) | Value::Boolean(_) | Value::Net(_) | Value::Mac(_) => false,
    }
}

fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::Tunnel, value, right)
}
