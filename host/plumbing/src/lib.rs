//! Performs, verifies and undoes actions on Open vSwitch, links and nftables
