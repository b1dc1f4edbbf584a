//! What the host would describe.

use guest_modes::{Network, testing};

pub(crate) use guest_modes::testing::endpoint;

pub(crate) fn network(subnets: &[(&str, &str)]) -> Network {
    testing::network(include_str!("../../mode.toml"), subnets)
}
