//! `endpoint-port`: the container's link, a veth pair with one end on the bridge. Docker moves the other end into the
//! container, so a pair that is gone is never made again.

use plan::{AdmittedStep, EndpointPort};

use super::{Parts, add_port, guarded, logical_port, name, unperformable};
use crate::link::VethSpec;
use crate::ovs::{PortSpec, Role, Vlans};
use crate::{Error, Work};

pub(super) fn parts(work: &Work, step: &AdmittedStep, endpoint: &EndpointPort) -> Result<Parts, Error> {
    let name = name(step)?;
    let veth = VethSpec {
        name: name.clone(),
        peer: step.peer.clone().ok_or_else(|| unperformable(step, "the container's end has no name"))?,
        mac: endpoint.mac,
        mtu: endpoint.mtu,
        alias: work.mark.to_string(),
        // Known only when the bridge is: the orchestration sets it.
        checksum_offload_off: false,
    };
    let port = PortSpec {
        label: step.label.clone(),
        name,
        bridge: logical_port::bridge(work, step, &endpoint.on)?,
        role: Role::Endpoint { isolated: endpoint.isolated, rate: None },
        vlans: Vlans::of_station(endpoint.vlan, &endpoint.trunks),
        binding: None,
    };
    let mut parts = Parts { veth: Some(veth), port: Some(port), ..Parts::default() };
    logical_port::endpoint(work, step, endpoint, &mut parts)?;
    guarded::endpoint(work, step, endpoint, &mut parts)?;
    Ok(parts)
}

pub(super) fn shell(work: &Work, parts: &Parts) -> Vec<String> {
    let link = parts.veth.iter().flat_map(|veth| {
        let VethSpec { name, peer, mac, mtu, alias, checksum_offload_off } = veth;
        let mtu = mtu.map(|mtu| format!(" mtu {mtu}")).unwrap_or_default();
        let add = format!("ip link add {name}{mtu} type veth peer name {peer} address {mac}{mtu}");
        let offload = checksum_offload_off.then(|| format!("ethtool -K {peer} tx off"));
        [Some(add), offload, Some(format!("ip link set {name} alias {alias} up"))].into_iter().flatten()
    });
    let port = guarded::bridge_shell(work, parts).into_iter().chain(parts.port.iter().map(|port| add_port(work, port)));
    link.chain(port).chain(guarded::shell(work, parts)).collect()
}
