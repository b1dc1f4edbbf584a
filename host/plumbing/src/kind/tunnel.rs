//! `tunnel`: the other hosts of a segment. A bridge of its own has a tunnel to each, and a patch to the segment's bridge.
//!
//! The tunnels are `protected` there, which keeps what comes from one host from going on to the next: a full mesh has no
//! need of that, and would circle. On the segment's bridge they would be in one group with containers that must not reach
//! each other, hence the bridge of their own. All of it is in columns of the database, so that a restart of ovs-vswitchd
//! loses nothing.

use std::net::IpAddr;

use plan::{Action, AdmittedStep, Datapath, InterfaceName, InvalidName, Tunnel};
use uuid::Uuid;

use super::{Parts, add_typed_port, bridge, bridge_of, name, unperformable};
use crate::ovs::{BridgeSpec, PortSpec, Purpose, Role, Vlans};
use crate::{Error, Work};

/// What the names of a patch's ends end with, behind the mesh's: the mesh's end and the segment's.
const ENDS: [char; 2] = ['q', 'p'];
/// What stands between the mesh's name and the number of a tunnel. None of the digits that a counter has.
const TUNNEL: char = 'v';
/// The longest name of a port.
const LONGEST: usize = 15;
/// The digits of a tunnel's number, where there is room.
const DIGITS: usize = 6;
/// Numbers that are tried for a peer.
const ATTEMPTS: u16 = 4096;

/// Why tunnels have no names.
#[derive(Debug, thiserror::Error)]
enum Unnamed {
    #[error(transparent)]
    Invalid(#[from] InvalidName),
    #[error("the names of links leave no room for so many peers: take a shorter prefix in the configuration")]
    Crowded,
}

pub(super) fn parts(work: &Work, step: &AdmittedStep, tunnel: &Tunnel) -> Result<Parts, Error> {
    let (mesh, segment) = (name(step)?, bridge_of(work, step)?);
    let invalid = |error: InvalidName| unperformable(step, error.to_string());
    let [inner, outer] = ENDS.map(|end| InterfaceName::new(format!("{mesh}{end}")));
    let (inner, outer) = (inner.map_err(invalid)?, outer.map_err(invalid)?);
    let port = |name: &InterfaceName, bridge: &InterfaceName, role| PortSpec {
        label: step.label.clone(),
        name: name.clone(),
        bridge: bridge.clone(),
        role,
        vlans: Vlans::of_uplink(None, &[]),
        binding: None,
    };
    let patch = |peer: &InterfaceName| Role::Patch { peer: peer.clone(), isolated: false };
    let Tunnel { encapsulation, vni, .. } = *tunnel;
    let names = names(&mesh, &tunnel.peers).map_err(|error| unperformable(step, error.to_string()))?;
    let tunnels = names.iter().map(|(peer, name)| port(name, &mesh, Role::Tunnel { encapsulation, vni, peer: *peer }));
    let bridge = BridgeSpec {
        label: step.label.clone(),
        name: mesh.clone(),
        named: false,
        datapath: datapath(work, step),
        purpose: Purpose::Mesh,
    };
    Ok(Parts {
        tunnels: tunnels.collect(),
        patch: vec![port(&inner, &mesh, patch(&outer)), port(&outer, &segment, patch(&inner))],
        bridge: Some(bridge),
        ..Parts::default()
    })
}

/// That of the segment's bridge: a patch leads from one bridge to another of the same.
fn datapath(work: &Work, step: &AdmittedStep) -> Datapath {
    match work.ground(step).map(|ground| &ground.action) {
        Some(Action::Bridge(bridge)) => bridge.datapath,
        _ => Datapath::Auto,
    }
}

/// The mesh whose tunnel a port is, by its name; none: it is none.
pub(crate) fn mesh_of(port: &str) -> Option<&str> {
    port.rsplit_once(TUNNEL).map(|(mesh, _)| mesh)
}

/// The names of the tunnels: the mesh's, and a number that follows from the peer, so that a tunnel keeps its name whoever
/// comes and goes. Of two peers with the same number the second takes another.
fn names(mesh: &InterfaceName, peers: &[IpAddr]) -> Result<Vec<(IpAddr, InterfaceName)>, Unnamed> {
    let digits = LONGEST.saturating_sub(mesh.len() + TUNNEL.len_utf8()).clamp(1, DIGITS);
    let mut sorted = peers.to_vec();
    sorted.sort_unstable();
    let mut names: Vec<(IpAddr, InterfaceName)> = Vec::new();
    for peer in sorted {
        let numbers = (0..ATTEMPTS).map(|attempt| {
            let number =
                Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{peer} {attempt}").as_bytes()).simple().to_string();
            format!("{mesh}{TUNNEL}{}", number.get(..digits).unwrap_or_default())
        });
        let free = |name: &String| names.iter().all(|(_, other)| **other != **name);
        let Some(name) = numbers.into_iter().find(free) else { return Err(Unnamed::Crowded) };
        names.push((peer, InterfaceName::new(name)?));
    }
    Ok(names)
}

pub(super) fn shell(work: &Work, parts: &Parts) -> Vec<String> {
    let ports = parts.patch.iter().chain(&parts.tunnels).map(|port| add_typed_port(work, port));
    bridge::shell(work, parts).into_iter().chain(ports).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(mesh: &str, count: u8) -> Vec<(IpAddr, InterfaceName)> {
        let peers: Vec<IpAddr> = (0..count).map(|number| IpAddr::from([192, 0, 2, number])).collect();
        names(&InterfaceName::new(mesh).unwrap(), &peers).unwrap()
    }

    #[test]
    fn a_tunnel_keeps_its_name_whoever_comes() {
        let (few, many) = (of("ovt12ab3", 20), of("ovt12ab3", 200));
        assert!(few.iter().all(|named| many.contains(named)));
    }

    #[test]
    fn no_two_tunnels_have_one_name_however_little_room_there_is() {
        for mesh in ["ovt1", "ovt12ab3", "prefixt12345"] {
            let mut names: Vec<String> = of(mesh, 100).into_iter().map(|(_, name)| name.to_string()).collect();
            assert!(names.iter().all(|name| name.len() <= LONGEST && name.starts_with(mesh)), "{names:?}");
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), 100, "{mesh}");
        }
    }
}
