//! What the host would describe.

use guest_modes::{Network, testing};

pub(crate) use guest_modes::testing::endpoint;

/// A network on VLAN 100 of the wire behind `eth1`.
pub(crate) fn network() -> Network {
    let mut network = testing::network(include_str!("../../mode.toml"), &[("10.1.0.0/24", "10.1.0.254")]);
    network.options.set("vlan", 100_u16);
    network.options.set("uplink", "eth1");
    network
}

/// VLANs as a user lists them.
pub(crate) fn list(texts: &[&str]) -> guest_modes::Value {
    guest_modes::Value::Texts(texts.iter().map(|text| (*text).to_owned()).collect())
}
