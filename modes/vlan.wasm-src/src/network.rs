//! What exists for the network itself, and what of it for all networks of the same wire.

use guest_modes::{HostPort, Network, Plan, Refusal, Uplink, common, port, segment};

use crate::vlans::Vlans;

pub(crate) fn plan(network: &Network) -> Result<Plan, Refusal> {
    port::check(network)?;
    let mtu = segment::mtu(network)?;
    let host_address = segment::host_address(network)?;
    Vlans::check_networks(network)?;
    let uplink = segment::uplink(network)?;
    let wire = wire(network, uplink)?;
    let mut plan = Plan::new();
    let bridge = common::add_shared_bridge(network, &wire, &mut plan);
    if let Some(uplink) = uplink {
        plan.add_shared(&wire, "uplink", Uplink::on(&bridge, uplink), "option uplink: the wire, with every VLAN");
    }
    if let Some(address) = host_address {
        let port = HostPort::on(&bridge, [address]).vlan(network.options.expect::<u16>("vlan")).mtu(mtu);
        plan.add("host", port, "option host_address: the host in the VLAN; nothing is forwarded through it");
    }
    Ok(plan)
}

/// What the networks of one wire share their bridge by: the bridge that the user named, else the uplink.
fn wire(network: &Network, uplink: Option<&str>) -> Result<String, Refusal> {
    match (network.options.get::<&str>("bridge"), uplink) {
        (Some(bridge), _) => Ok(format!("bridge {bridge}")),
        (None, Some(uplink)) => Ok(format!("uplink {uplink}")),
        (None, None) => {
            let message = "mode vlan needs the wire: give uplink, the interface that leads to it, or bridge, one that \
                           has it already";
            Err(Refusal::invalid("no-wire", message).at("uplink"))
        }
    }
}
