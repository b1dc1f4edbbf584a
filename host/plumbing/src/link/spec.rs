//! What is wanted of links, and what they are.

use std::fmt;

use ipnet::IpNet;
use plan::{InterfaceName, MacAddress, RouteVia};

use super::way::Leads;

/// A container's link to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VethSpec {
    /// The host's end.
    pub name: InterfaceName,
    /// The container's end, until Docker renames it.
    pub peer: InterfaceName,
    /// The container's Ethernet address.
    pub mac: MacAddress,
    /// Bytes, of both ends; none: the kernel's default.
    pub mtu: Option<u16>,
    /// The host end's alias (`ip link` shows it): our mark and the endpoint, at most 255 bytes.
    pub alias: String,
    /// The container computes its own transmit checksums: what ovs-vswitchd's datapath needs, unless it has
    /// `userspace-tso-enable`.
    pub checksum_offload_off: bool,
}

/// What an internal port is to have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// The host's addresses in the network. Without one of IPv6 the link does no IPv6 at all.
    pub addresses: Vec<IpNet>,
    /// What the host reaches through it.
    pub routes: Vec<RouteVia>,
    /// Bytes; none: left as it is.
    pub mtu: Option<u16>,
}

/// A link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The kernel's index.
    pub index: u32,
    /// Its name.
    pub name: String,
    /// Its alias; empty: none.
    pub alias: String,
    /// Its kind (`veth`, `openvswitch`, `tun`, ...); empty: a device.
    pub kind: String,
    /// Its Ethernet address, where it has one.
    pub mac: Option<MacAddress>,
    /// Bytes.
    pub mtu: u32,
    /// Whether it is administratively up.
    pub up: bool,
}

/// What this host reaches by itself: where a route of its main table leads, or what an address of it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The addresses.
    pub net: IpNet,
    /// The link they are reached by; none: the route has none (`blackhole`).
    pub link: Option<String>,
    /// Whether they are neighbours on the link; else a gateway is asked to pass on what is for them, or nobody.
    pub on_link: bool,
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let link = self.link.as_deref().unwrap_or("a route without a link");
        write!(f, "{} by {link}", self.net)
    }
}

/// How packets to an address leave the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is an address of this host.
    Here,
    /// Out of a link.
    Through {
        /// Its name.
        link: String,
        /// Bytes.
        mtu: u32,
    },
    /// There is no route.
    Nowhere,
}

impl Way {
    /// Of a route, given all links.
    pub(super) fn of(leads: Leads, links: &[Link]) -> Self {
        let link = |index: u32| links.iter().find(|link| link.index == index);
        match leads {
            Leads::Here => Self::Here,
            Leads::Nowhere => Self::Nowhere,
            Leads::Through(index) => match link(index) {
                Some(link) => Self::Through { link: link.name.clone(), mtu: link.mtu },
                None => Self::Nowhere,
            },
        }
    }
}
