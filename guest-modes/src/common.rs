//! What the built-in modes have in common: the options `bridge`, `datapath`, `mtu`, `icc` and `ifname`. A mode that has
//! them too declares them in its manifest as theirs do and calls these.

use crate::{Bridge, Endpoint, Label, Network, Plan, Refusal};

/// The least MTU that IPv4 works with (RFC 791).
const IPV4_MINIMUM_MTU: u16 = 68;
/// The least MTU that IPv6 works with (RFC 8200, section 5).
const IPV6_MINIMUM_MTU: u16 = 1280;
/// The kernel's limit for an interface's name, in bytes.
const LONGEST_NAME: usize = 15;

/// The label of the network's bridge.
#[must_use]
pub fn bridge_label() -> Label {
    Label::new("bridge")
}

/// Adds the network's bridge: the one that `bridge` names, else its own, switched as `datapath` says.
pub fn add_bridge(network: &Network, plan: &mut Plan) -> Label {
    let (bridge, why) = bridge(network);
    plan.add(bridge_label().as_str(), bridge, why.unwrap_or("the network's own switch"))
}

/// The same for a bridge that networks share, under a key.
pub fn add_shared_bridge(network: &Network, key: &str, plan: &mut Plan) -> Label {
    let (bridge, why) = bridge(network);
    plan.add_shared(key, bridge_label().as_str(), bridge, why.unwrap_or("the switch of all networks of this wire"))
}

/// The network's bridge, and why it is that one if a user named it.
fn bridge(network: &Network) -> (Bridge, Option<&'static str>) {
    let datapath = network.options.expect("datapath");
    match network.options.get::<&str>("bridge") {
        Some(name) => {
            let why = "option bridge: used if it exists, and then never removed";
            (Bridge::named(name).datapath(datapath), Some(why))
        }
        None => (Bridge::own().datapath(datapath), None),
    }
}

/// The MTU of the network's links: option `mtu`, else `default`.
///
/// # Errors
///
/// Where it is too small for the addresses of the network: what is not the option's may be an interface's, which has any.
pub fn mtu(network: &Network, default: u16) -> Result<u16, Refusal> {
    let mtu = network.options.get("mtu").unwrap_or(default);
    if network.has_ipv6() && mtu < IPV6_MINIMUM_MTU {
        let message = format!(
            "an MTU of {mtu} is too small for the network's IPv6 addresses: give {IPV6_MINIMUM_MTU} or more, or no IPv6 \
             subnet"
        );
        return Err(Refusal::invalid("mtu-too-small", message).at("mtu"));
    }
    if mtu < IPV4_MINIMUM_MTU {
        let message = format!("an MTU of {mtu} is too small for IP: give {IPV4_MINIMUM_MTU} or more");
        return Err(Refusal::invalid("mtu-too-small", message).at("mtu"));
    }
    Ok(mtu)
}

/// Whether the containers of the network may talk to each other: option `icc`.
#[must_use]
pub fn containers_talk(network: &Network) -> bool {
    network.options.expect("icc")
}

/// Why an endpoint's port is as it is, for its step.
#[must_use]
pub fn port_reason(network: &Network) -> &'static str {
    if containers_talk(network) {
        "the container's link"
    } else {
        "the container's link, kept from other containers (option icc)"
    }
}

/// Makes the gateways of the container's own subnets its default routes: a network may have several of a family, and a
/// container reaches only the gateway that is on its link.
pub fn route_through_gateways(network: &Network, endpoint: &Endpoint, plan: &mut Plan) {
    for gateway in network.gateways().map(|gateway| gateway.addr()) {
        if endpoint.addresses.iter().any(|net| net.contains(&gateway)) {
            plan.gateway(gateway);
        }
    }
}

/// Names the interface in the container: the endpoint's option `ifname`.
///
/// # Errors
///
/// Where no interface can have that name.
pub fn name_interface(endpoint: &Endpoint, plan: &mut Plan) -> Result<(), Refusal> {
    let Some(name) = endpoint.options.get::<&str>("ifname") else { return Ok(()) };
    if !is_interface_name(name) {
        let message = format!(
            "\"{name}\" cannot name an interface: 1 to {LONGEST_NAME} letters, digits, '-', '_' and '.' are wanted, and \
             not \"lo\""
        );
        return Err(Refusal::invalid("bad-ifname", message).at("ifname"));
    }
    plan.interface_name(name);
    Ok(())
}

/// What the host takes: of the kernel's names those that need no quoting anywhere.
fn is_interface_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len())
        && !["lo", ".", ".."].contains(&name)
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attributes, MacAddress, RefusalClass};

    fn named(name: &str) -> Result<Plan, Refusal> {
        let options = [("ifname".to_owned(), name.into())].into_iter().collect();
        let (id, mac, addresses) = ("endpoint".to_owned(), MacAddress([2, 0, 0, 0, 0, 1]), Vec::new());
        let mut plan = Plan::new();
        let endpoint = Endpoint { id, mac, addresses, options, facts: Attributes::default() };
        name_interface(&endpoint, &mut plan).map(|()| plan)
    }

    #[test]
    fn an_interface_has_a_name_that_the_kernel_takes() {
        for good in ["lan0", "eth0.7", "a-b_c", "exactly-15-long"] {
            assert_eq!(named(good).unwrap().reply.get("interface-name"), Some(good));
        }
        for bad in ["", "lo", ".", "..", "a/b", "a b", "eth%d", "e:1", "é", "sixteen-letters-"] {
            let refusal = named(bad).unwrap_err();
            assert_eq!((refusal.class, refusal.at.as_deref()), (RefusalClass::Invalid, Some("ifname")), "{bad}");
            assert!(refusal.message.contains(&format!("\"{bad}\"")) && refusal.message.contains("1 to 15 letters"));
        }
    }
}
