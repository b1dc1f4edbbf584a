//! What exists for the network itself: its switch, and the host's port if the host is the gateway.

use guest_modes::{Bridge, HostPort, Network, Plan, Refusal};

/// The least MTU that IPv6 works with (RFC 8200, section 5).
const IPV6_MINIMUM_MTU: u16 = 1280;

pub(crate) fn plan(network: &Network) -> Result<Plan, Refusal> {
    let mtu = network.options.expect("mtu");
    check_mtu(mtu, network)?;
    let mut plan = Plan::new();
    let bridge = plan.add("bridge", Bridge::own(), "the network's own switch");
    if host_is_gateway(network) {
        if network.internal {
            let message = "an internal network has no gateway: leave out gateway=host, or --internal";
            return Err(Refusal::invalid("internal-gateway", message).at("gateway"));
        }
        if network.gateways().next().is_none() {
            let message = "no subnet of the network has a gateway that this host could be: give --subnet";
            return Err(Refusal::invalid("no-gateway", message).at("gateway"));
        }
        let port = HostPort::on(&bridge, network.gateways()).mtu(mtu);
        plan.add("host", port, "option gateway: this host at the gateway's address");
    }
    Ok(plan)
}

pub(crate) fn host_is_gateway(network: &Network) -> bool {
    network.options.expect::<&str>("gateway") == "host"
}

pub(crate) fn check_mtu(mtu: u16, network: &Network) -> Result<(), Refusal> {
    if network.has_ipv6() && mtu < IPV6_MINIMUM_MTU {
        let message =
            format!("an MTU of {mtu} is too small for IPv6: give {IPV6_MINIMUM_MTU} or more, or no IPv6 subnet");
        return Err(Refusal::invalid("mtu-too-small", message).at("mtu"));
    }
    Ok(())
}
