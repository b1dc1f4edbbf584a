//! Which row is meant: uuids and names that every host makes alike.
//!
//! `Logical_Switch` and `Logical_Router` have no index by name, so that hosts that create the same at once would make
//! many. A uuid that follows from what a row is (version 5 of RFC 9562) makes the second insert a `duplicate uuid`.

use ipnet::IpNet;
use plan::{LogicalSwitch, MacAddress};
use uuid::Uuid;

/// The namespace of our uuids.
const SPACE: Uuid = Uuid::from_u128(0x2f0c_8d54_7d6b_4c1e_9a35_64b0_52c8_e7f1);
/// What names of ours start with.
const PREFIX: &str = LogicalSwitch::OURS;

/// The uuid of what is told from all else by some words.
pub(crate) fn uuid(words: &[&str]) -> Uuid {
    // No word has a zero in it: the database could not hold it.
    Uuid::new_v5(&SPACE, words.join("\0").as_bytes())
}

/// Subnets as one word, whatever order they are said in.
pub(crate) fn subnets(subnets: &[IpNet]) -> String {
    let mut subnets: Vec<IpNet> = subnets.iter().map(IpNet::trunc).collect();
    subnets.sort_unstable();
    subnets.dedup();
    texts(&subnets).join(",")
}

/// Things as texts.
pub(crate) fn texts<T: ToString>(things: &[T]) -> Vec<String> {
    things.iter().map(ToString::to_string).collect()
}

/// The name of what is ours.
pub(crate) fn named(words: &[&str]) -> String {
    format!("{PREFIX}{}", words.join("-"))
}

/// A name without what all of ours start with, to be part of another one.
pub(crate) fn short(name: &str) -> &str {
    name.strip_prefix(PREFIX).unwrap_or(name)
}

/// A locally administered Ethernet address that follows from a row's uuid.
pub(crate) fn mac(row: Uuid) -> MacAddress {
    let [a, b, c, d, e, f, ..] = *row.as_bytes();
    MacAddress([a & 0xfc | 0x02, b, c, d, e, f])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nets(texts: &[&str]) -> Vec<IpNet> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn the_order_of_subnets_does_not_matter_and_host_bits_neither() {
        let one = subnets(&nets(&["10.1.0.0/16", "fd00::/64"]));
        assert_eq!(one, "10.1.0.0/16,fd00::/64");
        assert_eq!(one, subnets(&nets(&["fd00::1/64", "10.1.2.3/16", "10.1.0.0/16"])));
    }

    #[test]
    fn uuids_never_change() {
        // Hosts with other releases of the driver have to come to the same.
        let switch = uuid(&["switch", "default", "10.10.10.0/23"]);
        assert_eq!(switch.to_string(), "478fc807-40e1-505d-ae59-2dccce2a2a4e");
        assert_ne!(switch, uuid(&["switch", "default10.10.10.0/23"]));
        assert!(mac(switch).is_unicast());
    }
}
