//! What is to exist in Open vSwitch, without regard to what does.

use std::net::IpAddr;

use plan::{Datapath, Encapsulation, InterfaceName, Label, MacAddress, VlanId};

/// A bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BridgeSpec {
    /// The step it is for.
    pub(crate) label: Label,
    /// Its name.
    pub(crate) name: InterfaceName,
    /// Whether a user named it: one that exists is then used as it is, whoever made it.
    pub(crate) named: bool,
    /// What was asked for.
    pub(crate) datapath: Datapath,
    /// What it is for.
    pub(crate) purpose: Purpose,
}

/// What a bridge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A network's segment.
    Segment,
    /// Guards ports of all networks: nothing passes it but what flows let through, and it goes with its last port.
    Guard,
    /// Tunnels to other hosts, and the patch to the segment: of ours it has no port that is not wanted.
    Mesh,
}

impl BridgeSpec {
    /// Bridge's `fail_mode`: what becomes of packets that no flow is about.
    pub(crate) fn fail_mode(&self) -> &'static str {
        if self.purpose == Purpose::Guard { "secure" } else { "standalone" }
    }
}

/// A port with its one interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PortSpec {
    /// The step it is for.
    pub(crate) label: Label,
    /// Its name, which is its interface's.
    pub(crate) name: InterfaceName,
    /// Its bridge's name.
    pub(crate) bridge: InterfaceName,
    /// What it is for.
    pub(crate) role: Role,
    /// The VLANs it carries.
    pub(crate) vlans: Vlans,
    /// The logical port of OVN that it is bound to; its bridge is then the integration bridge.
    pub(crate) binding: Option<Binding>,
}

/// The bridge that ovn-controller connects logical ports on, unless `external_ids:ovn-bridge` names another.
pub(crate) const INTEGRATION_BRIDGE: &str = "br-int";

/// What binds an interface to a logical port. ovn-controller takes the first two from `external_ids`, the others are for
/// people and other programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// The logical port's name.
    pub(crate) port: String,
    /// Which of those that had this name, one after the other: the endpoint's id, as in the logical port's options.
    pub(crate) version: Option<String>,
    /// The container's Ethernet address.
    pub(crate) mac: Option<MacAddress>,
}

impl Binding {
    /// Whether ovn-controller says when it has connected it: not of the host's ports, which no host has alone.
    pub(crate) fn is_reported(&self) -> bool {
        self.version.is_some()
    }

    /// The pairs for `external_ids` of the interface.
    pub(crate) fn ids(&self) -> Vec<(&'static str, String)> {
        let version = self.version.iter().flat_map(|id| [("iface-id-ver", id.clone()), ("vm-id", id.clone())]);
        let mac = self.mac.map(|mac| ("attached-mac", mac.to_string()));
        [("iface-id", self.port.clone())].into_iter().chain(version).chain(mac).collect()
    }
}

/// What a port is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A host's interface. One that a user put on the bridge, or another network of ours, is used if its VLANs are the
    /// same.
    Uplink,
    /// The host's foot in the network: Open vSwitch makes the link.
    Host {
        /// Its Ethernet address.
        mac: MacAddress,
        /// Bytes.
        mtu: Option<u16>,
    },
    /// The host's end of a container's link.
    Endpoint {
        /// Whether it must not reach other isolated ports.
        isolated: bool,
        /// Bits per second to the container.
        rate: Option<u64>,
    },
    /// One end of a patch between two bridges.
    Patch {
        /// The other end.
        peer: InterfaceName,
        /// Whether what comes through it must not reach other isolated ports.
        isolated: bool,
    },
    /// A tunnel to another host.
    Tunnel {
        /// How frames are wrapped.
        encapsulation: Encapsulation,
        /// What tells the segment from others between the same hosts.
        vni: u32,
        /// The other host.
        peer: IpAddr,
    },
}

impl Role {
    /// Interface's `options`; none: it has none of ours.
    pub(crate) fn options(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Patch { peer, .. } => vec![("peer", peer.to_string())],
            Self::Tunnel { vni, peer, .. } => vec![("key", vni.to_string()), ("remote_ip", peer.to_string())],
            Self::Uplink | Self::Host { .. } | Self::Endpoint { .. } => Vec::new(),
        }
    }
}

/// The VLANs of a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vlans {
    /// Access or native VLAN.
    pub(crate) tag: Option<u16>,
    /// VLANs of a trunk, in ascending order.
    pub(crate) trunks: Vec<u16>,
    /// Said outright: what Open vSwitch makes of an empty one depends on the other columns.
    pub(crate) mode: VlanMode,
}

/// Port's `vlan_mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VlanMode {
    /// One VLAN, untagged to the port; without a tag the one that no frame is tagged with.
    Access,
    /// VLANs that the port sees tagged; without trunks, all.
    Trunk,
    /// A trunk whose untagged frames belong to the tag.
    NativeUntagged,
    /// One that we never make.
    Other,
}

impl Vlans {
    /// Of an uplink, as in [`plan::Uplink`]: nothing said is a trunk of everything.
    pub(crate) fn of_uplink(tag: Option<VlanId>, trunks: &[VlanId]) -> Self {
        Self::new(tag, trunks, VlanMode::Trunk)
    }

    /// Of a container or the host: nothing said is untagged frames and no others, or a container could tag its way into
    /// every VLAN of the wire.
    pub(crate) fn of_station(tag: Option<VlanId>, trunks: &[VlanId]) -> Self {
        Self::new(tag, trunks, VlanMode::Access)
    }

    fn new(tag: Option<VlanId>, trunks: &[VlanId], neither: VlanMode) -> Self {
        let mut trunks: Vec<u16> = trunks.iter().map(|id| id.get()).collect();
        trunks.sort_unstable();
        trunks.dedup();
        let mode = match (tag, trunks.is_empty()) {
            (Some(_), true) => VlanMode::Access,
            (Some(_), false) => VlanMode::NativeUntagged,
            (None, false) => VlanMode::Trunk,
            (None, true) => neither,
        };
        Self { tag: tag.map(VlanId::get), trunks, mode }
    }

    /// As `ovs-vsctl` takes it after the port's name.
    pub(crate) fn arguments(&self) -> String {
        let tag = self.tag.map(|tag| format!(" tag={tag}"));
        let trunks: Vec<String> = self.trunks.iter().map(ToString::to_string).collect();
        let trunks = (!trunks.is_empty()).then(|| format!(" trunks={}", trunks.join(",")));
        let mode = self.mode.word().map(|mode| format!(" vlan_mode={mode}"));
        [tag, trunks, mode].into_iter().flatten().collect()
    }
}

impl VlanMode {
    const WORDS: [(Self, &str); 3] =
        [(Self::Access, "access"), (Self::Trunk, "trunk"), (Self::NativeUntagged, "native-untagged")];

    /// The word in the column.
    pub(crate) fn word(self) -> Option<&'static str> {
        Self::WORDS.iter().find(|(mode, _)| *mode == self).map(|(_, word)| *word)
    }

    /// What Open vSwitch makes of a column: an empty one is an access port where there is a tag, else a trunk.
    pub(crate) fn read(word: Option<&str>, tagged: bool) -> Self {
        match word {
            None if tagged => Self::Access,
            None => Self::Trunk,
            Some(word) => Self::WORDS.iter().find(|(_, known)| *known == word).map_or(Self::Other, |(mode, _)| *mode),
        }
    }
}

impl PortSpec {
    /// Port's `protected`.
    pub(crate) fn protected(&self) -> bool {
        match self.role {
            Role::Endpoint { isolated, .. } | Role::Patch { isolated, .. } => isolated,
            // What comes from one host is not for the others: they have it from the same.
            Role::Tunnel { .. } => true,
            Role::Uplink | Role::Host { .. } => false,
        }
    }

    /// Interface's `type`.
    pub(crate) fn interface_type(&self) -> &'static str {
        match self.role {
            Role::Host { .. } => "internal",
            Role::Patch { .. } => "patch",
            Role::Tunnel { encapsulation: Encapsulation::Vxlan, .. } => "vxlan",
            Role::Tunnel { encapsulation: Encapsulation::Geneve, .. } => "geneve",
            Role::Uplink | Role::Endpoint { .. } => "",
        }
    }

    /// Bits per second that go out of it.
    pub(crate) fn rate(&self) -> Option<u64> {
        match self.role {
            Role::Endpoint { rate, .. } => rate,
            Role::Uplink | Role::Host { .. } | Role::Patch { .. } | Role::Tunnel { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vlans_say_their_mode() {
        let id = |id: u16| VlanId::new(id).unwrap();
        let station = |tag: Option<VlanId>, trunks: &[VlanId]| Vlans::of_station(tag, trunks).arguments();
        assert_eq!(station(None, &[]), " vlan_mode=access");
        assert_eq!(station(Some(id(7)), &[]), " tag=7 vlan_mode=access");
        assert_eq!(station(None, &[id(9), id(8), id(9)]), " trunks=8,9 vlan_mode=trunk");
        assert_eq!(station(Some(id(7)), &[id(8)]), " tag=7 trunks=8 vlan_mode=native-untagged");
        assert_eq!(Vlans::of_uplink(None, &[]).arguments(), " vlan_mode=trunk");
    }

    #[test]
    fn an_empty_mode_is_what_open_vswitch_makes_of_it() {
        assert_eq!(VlanMode::read(None, true), VlanMode::Access);
        assert_eq!(VlanMode::read(None, false), VlanMode::Trunk);
        assert_eq!(VlanMode::read(Some("dot1q-tunnel"), false), VlanMode::Other);
    }
}
