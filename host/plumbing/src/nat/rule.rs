//! What a rule opens or translates.

use std::net::IpAddr;

use ipnet::IpNet;
use plan::{InterfaceName, Protocol};

use crate::Mark;

/// One thing that the firewall is to do, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// Whose it is: the network's, or the endpoint's.
    pub mark: Mark,
    /// What it does.
    pub effect: Effect,
}

/// What a rule does. Host ports are named as links.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The host kernel must not look at frames of this interface: an uplink of a bridge that ovs-vswitchd switches.
    Guard {
        /// The uplink.
        uplink: InterfaceName,
    },
    /// New connections may leave through the host port, and replies come back.
    Forward {
        /// The host port.
        port: InterfaceName,
        /// Endpoints may also reach each other through the host.
        hairpin: bool,
        /// The host port has an IPv6 address: without one nobody needs the kernel to forward that.
        ipv6: bool,
    },
    /// What comes from `sources` through the host port and leaves another way carries the host's address.
    Masquerade {
        /// The host port.
        port: InterfaceName,
        /// The network's pools.
        sources: Vec<IpNet>,
    },
    /// A published port.
    Publish {
        /// The host port.
        port: InterfaceName,
        /// Its protocol.
        protocol: Protocol,
        /// The host address it is reached at; none: all. Nothing is translated for loopback addresses: those are a
        /// relay's.
        host_address: Option<IpAddr>,
        /// The host's port.
        host_port: u16,
        /// The container's address.
        target: IpAddr,
        /// The container's port.
        target_port: u16,
        /// Whether the host's address and port are translated; otherwise the target is opened to what is routed here,
        /// which may ping it, too.
        translate: bool,
    },
}
