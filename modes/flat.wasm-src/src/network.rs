//! What exists for the network itself.

use guest_modes::{HostPort, Network, Plan, Refusal, Tunnel, Uplink, common, port, segment};

use crate::mesh;

/// The VLAN of the network's containers, where they have none of their own.
pub(crate) fn vlan(network: &Network) -> Option<u16> {
    network.options.get("vlan")
}

pub(crate) fn plan(network: &Network) -> Result<Plan, Refusal> {
    port::check(network)?;
    let mtu = mesh::mtu(network, vlan(network).is_some())?;
    let host_address = segment::host_address(network)?;
    let mut plan = Plan::new();
    let bridge = common::add_bridge(network, &mut plan);
    if let Some(uplink) = segment::uplink(network)? {
        plan.add("uplink", Uplink::on(&bridge, uplink), "option uplink: the wire, with every VLAN");
    }
    if let Some(mesh) = mesh::of(network)? {
        let tunnel = Tunnel::on(&bridge, mesh.encapsulation, mesh.vni, mesh.peers);
        plan.add("mesh", tunnel, "option peers: the segment's other hosts, a tunnel to each");
    }
    if let Some(address) = host_address {
        let port = HostPort::on(&bridge, [address]).vlan(vlan(network)).mtu(mtu);
        plan.add("host", port, "option host_address: the host in the segment; nothing is forwarded through it");
    }
    Ok(plan)
}
