//! Options of modes that this driver will have, so that whoever follows their documents is told which mode to ask for
//! rather than that there is no such option.

const VLAN: &[&str] = &[
    "host_address",
    "native_vlan",
    "net.gopher.ovs.bridge.bind_interface",
    "ovs.bridge.vlan",
    "parent",
    "publish",
    "trunks",
    "uplink",
    "vlan",
];
const OVN: &[&str] = &["egress", "ovn.external", "ovn.switch", "vrf"];

/// The mode to come that a key belongs to.
pub(crate) fn mode_to_come(key: &str) -> Option<&'static str> {
    [("ovn", OVN), ("vlan", VLAN)].into_iter().find(|(_, keys)| keys.contains(&key)).map(|(mode, _)| mode)
}
