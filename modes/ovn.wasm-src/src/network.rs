//! What exists for the network itself.

use guest_modes::{IpNet, Label, LogicalSwitch, Network, Plan, Pool, Refusal, RouterPort, common, port};

use crate::vrf::Vrf;
use crate::way_out::WayOut;
use crate::{acl, join, outside};

/// What Ethernet leaves for a packet in a tunnel of OVN's (Geneve) over IPv4.
const DEFAULT_MTU: u16 = 1500 - 58;
/// The host's limit for the name of a switch, in bytes.
const LONGEST_NAME: usize = 255;

/// The label of the network's switch.
pub(crate) fn switch_label() -> Label {
    Label::new("switch")
}

/// The MTU of every link of the network: option `mtu`, else what the tunnels to the other hosts leave (fact `ovn.mtu`).
pub(crate) fn mtu(network: &Network) -> Result<u16, Refusal> {
    let mtu = common::mtu(network, tunnels_leave(network))?;
    match network.facts.get::<u16>("ovn.mtu") {
        Some(most) if mtu > most => {
            let message =
                format!("an MTU of {mtu} is more than the {most} that the tunnels leave: give {most} or less");
            Err(Refusal::invalid("mtu-too-large", message).at("mtu"))
        }
        _ => Ok(mtu),
    }
}

/// The most that crosses a tunnel whole.
pub(crate) fn tunnels_leave(network: &Network) -> u16 {
    network.facts.get("ovn.mtu").unwrap_or(DEFAULT_MTU)
}

pub(crate) fn plan(network: &Network) -> Result<Plan, Refusal> {
    let (vrf, way_out) = (Vrf::of(network)?, WayOut::of(network)?);
    check_pools(network, &way_out)?;
    port::check(network)?;
    way_out.check_routes(&network.options)?;
    mtu(network)?;
    let mut plan = Plan::new();
    let switch = add_switch(network, &vrf, &mut plan)?;
    acl::add(network, &switch, &way_out, &mut plan);
    if !way_out.has_router() {
        return Ok(plan);
    }
    let router = vrf.add_router(&mut plan);
    let gateways = RouterPort::between(&router, &switch, network.gateways());
    plan.add("gateway", gateways, "the router is the containers' gateway");
    match &way_out {
        WayOut::Host => join::add(network, &vrf, &router, &mut plan)?,
        WayOut::External(external) => outside::add(network, &vrf, &router, external, &mut plan),
        WayOut::Docker | WayOut::None | WayOut::Internal | WayOut::Theirs => {}
    }
    Ok(plan)
}

fn add_switch(network: &Network, vrf: &Vrf<'_>, plan: &mut Plan) -> Result<Label, Refusal> {
    let pools: Vec<IpNet> = network.real_subnets().map(|subnet| subnet.pool).collect();
    let own = LogicalSwitch::of(vrf.name(), pools);
    let Some(name) = network.options.get::<&str>("ovn.switch") else {
        let why = "the network's switch, the same on every host with these subnets in the VRF";
        return Ok(plan.add(switch_label().as_str(), own, why));
    };
    if !is_switch_name(name) {
        let message = format!(
            "\"{}\" cannot name a switch: 1 to {LONGEST_NAME} letters, digits and signs without spaces are wanted",
            name.escape_default()
        );
        return Err(Refusal::invalid("bad-switch", message).at("ovn.switch"));
    }
    if !common::containers_talk(network) {
        let message =
            format!("the rules of switch {name} are its owner's: leave out icc=false, or leave out ovn.switch");
        return Err(Refusal::unsupported("icc-of-switch", message).at("icc"));
    }
    if network.internal {
        let message =
            format!("what leaves switch {name} is its owner's to say: leave out --internal, or leave out ovn.switch");
        return Err(Refusal::unsupported("internal-of-switch", message).at("ovn.switch"));
    }
    Ok(plan.add(switch_label().as_str(), own.named(name), "option ovn.switch: it exists, and is never removed"))
}

/// What can be typed and seen: other letters may look alike, or like nothing.
fn is_switch_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A switch is told from its VRF's others by its pools, so there must be one, and each needs a gateway where there is a
/// router.
fn check_pools(network: &Network, way_out: &WayOut) -> Result<(), Refusal> {
    let everything = network.subnets.iter().find(|subnet| subnet.pool.is_everything());
    if network.subnets.is_empty() || everything.is_some() {
        let message = "mode ovn needs an address pool of its own and the network has none: give --subnet, and leave out \
                       --ipam-driver null";
        return Err(Refusal::invalid("no-pool", message));
    }
    match network.subnets.iter().find(|subnet| way_out.has_router() && subnet.gateway.is_none()) {
        Some(subnet) => {
            let message =
                format!("the pool {} has no gateway address: give one of its addresses with --gateway", subnet.pool);
            Err(Refusal::invalid("no-gateway", message))
        }
        None => Ok(()),
    }
}
