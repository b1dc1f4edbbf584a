//! The VRF of a network: its name, its router, and the addresses of the join between its router and the hosts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use guest_modes::{IpNet, Label, LogicalRouter, Network, Plan, Refusal};

/// Where join subnets lie: addresses for networks inside of a provider's (RFC 6598), which pools should not be.
const JOIN: Ipv4Addr = Ipv4Addr::new(100, 64, 0, 0);
/// How many bits of a hash choose one of its /30 subnets.
const JOIN_BITS: u32 = 20;
/// Where they lie in IPv6: a prefix of locally assigned addresses (RFC 4193); 32 bits of the hash follow.
const JOIN_V6: [u16; 2] = [0xfd6f, 0x766e];

/// A VRF.
pub(crate) struct Vrf<'a>(&'a str);

/// Both ends of a VRF's join, with the prefix length of its subnet.
pub(crate) struct Join {
    /// The router's.
    pub(crate) router: IpNet,
    /// Every host's.
    pub(crate) host: IpNet,
}

impl<'a> Vrf<'a> {
    /// The VRF that a network is in: option `vrf`.
    pub(crate) fn of(network: &'a Network) -> Result<Self, Refusal> {
        let name: &str = network.options.expect("vrf");
        if (1..=64).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        {
            return Ok(Self(name));
        }
        let message = format!("\"{name}\" cannot name a VRF: 1 to 64 letters, digits, '-', '_' and '.' are wanted");
        Err(Refusal::invalid("bad-vrf", message).at("vrf"))
    }

    pub(crate) fn name(&self) -> &'a str {
        self.0
    }

    /// The key of what the VRF's networks on a host share.
    pub(crate) fn key(&self) -> String {
        format!("vrf {}", self.0)
    }

    /// Adds the router.
    pub(crate) fn add_router(&self, plan: &mut Plan) -> Label {
        plan.add_shared(self.key(), "router", LogicalRouter::of(self.0), "routes the networks of the VRF to each other")
    }

    /// The joins of both families: found from the name, so that every host finds the same.
    pub(crate) fn joins(&self) -> [Join; 2] {
        let hash = hash(self.0);
        let ipv4 = JOIN.to_bits() | ((hash >> (32 - JOIN_BITS)) << 2);
        let [upper, lower] = [hash >> 16, hash & 0xffff].map(|half| u16::try_from(half).expect("16 bits fit"));
        let end_v4 = |end: u32| IpNet::new_assert(IpAddr::V4(Ipv4Addr::from_bits(ipv4 | end)), 30);
        let end_v6 = |end: u16| {
            let address = Ipv6Addr::new(JOIN_V6[0], JOIN_V6[1], upper, lower, 0, 0, 0, end);
            IpNet::new_assert(IpAddr::V6(address), 126)
        };
        [Join { router: end_v4(1), host: end_v4(2) }, Join { router: end_v6(1), host: end_v6(2) }]
    }
}

impl Join {
    /// The subnet.
    pub(crate) fn subnet(&self) -> IpNet {
        self.router.trunc()
    }
}

/// FNV-1a with 32 bits (draft-eastlake-fnv): the same for ever and everywhere, which is all that is asked of it.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
