//! What every port has: VLANs and an MTU.

use super::denial::{Broken, Rule};
use super::scene::Scene;
use crate::{Capability, VlanId};

/// The smallest frame payload that IPv4 has to be carried in (RFC 791).
const SMALLEST: u16 = 68;
/// The same of IPv6 (RFC 8200): the kernel takes IPv6 off a link below it.
const SMALLEST_IPV6: u16 = 1280;

/// Checks that each VLAN is listed once and granted.
pub(super) fn vlans(vlan: Option<VlanId>, trunks: &[VlanId], scene: &Scene<'_>) -> Result<(), Broken> {
    let mut sorted = trunks.to_vec();
    sorted.sort_unstable();
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Broken::new(Rule::Vlan, pair[0], "list it once"));
    }
    match vlan.iter().chain(trunks).find(|id| !scene.request.grants.allow_vlan(**id)) {
        None => Ok(()),
        Some(id) => scene.granted_for(Capability::Vlan, &id.to_string(), |_| false),
    }
}

/// Checks an MTU against what the network's protocols need.
pub(super) fn mtu(mtu: Option<u16>, scene: &Scene<'_>) -> Result<(), Broken> {
    let ipv6 = scene.request.network.subnets.iter().any(|subnet| subnet.pool.addr().is_ipv6());
    let smallest = if ipv6 { SMALLEST_IPV6 } else { SMALLEST };
    match mtu {
        Some(mtu) if mtu < smallest => Err(Broken::new(Rule::Mtu, mtu, format!("at least {smallest} is needed here"))),
        Some(_) | None => Ok(()),
    }
}
