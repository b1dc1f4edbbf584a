//! What is to exist in Open vSwitch, without regard to what does.

use plan::{Datapath, InterfaceName, Label, MacAddress, VlanId};

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
    },
}

/// The VLANs of a port, as in [`plan::Uplink`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Vlans {
    /// Access or native VLAN.
    pub(crate) tag: Option<u16>,
    /// VLANs of a trunk, in ascending order.
    pub(crate) trunks: Vec<u16>,
}

impl Vlans {
    /// From a step's.
    pub(crate) fn new(tag: Option<VlanId>, trunks: &[VlanId]) -> Self {
        let mut trunks: Vec<u16> = trunks.iter().map(|id| id.get()).collect();
        trunks.sort_unstable();
        trunks.dedup();
        Self { tag: tag.map(VlanId::get), trunks }
    }

    /// Port's `vlan_mode`. Said outright: what Open vSwitch makes of an empty one depends on the other columns.
    pub(crate) fn mode(&self) -> Option<&'static str> {
        match (self.tag, self.trunks.is_empty()) {
            (Some(_), true) => Some("access"),
            (Some(_), false) => Some("native-untagged"),
            (None, false) => Some("trunk"),
            (None, true) => None,
        }
    }

    /// As `ovs-vsctl` takes it after the port's name.
    pub(crate) fn arguments(&self) -> String {
        let tag = self.tag.map(|tag| format!(" tag={tag}"));
        let trunks: Vec<String> = self.trunks.iter().map(ToString::to_string).collect();
        let trunks = (!trunks.is_empty()).then(|| format!(" trunks={}", trunks.join(",")));
        let mode = self.mode().map(|mode| format!(" vlan_mode={mode}"));
        [tag, trunks, mode].into_iter().flatten().collect()
    }
}

impl PortSpec {
    /// Port's `protected`.
    pub(crate) fn protected(&self) -> bool {
        matches!(self.role, Role::Endpoint { isolated: true })
    }

    /// Interface's `type`.
    pub(crate) fn interface_type(&self) -> &'static str {
        if matches!(self.role, Role::Host { .. }) { "internal" } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vlans_say_their_mode() {
        let vlans = |tag: Option<u16>, trunks: &[u16]| {
            let trunks: Vec<VlanId> = trunks.iter().map(|id| VlanId::new(*id).unwrap()).collect();
            Vlans::new(tag.map(|id| VlanId::new(id).unwrap()), &trunks)
        };
        assert_eq!(vlans(None, &[]).arguments(), "");
        assert_eq!(vlans(Some(7), &[]).arguments(), " tag=7 vlan_mode=access");
        assert_eq!(vlans(None, &[9, 8, 9]).arguments(), " trunks=8,9 vlan_mode=trunk");
        assert_eq!(vlans(Some(7), &[8]).arguments(), " tag=7 trunks=8 vlan_mode=native-untagged");
    }
}
