//! Ethernet addresses.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{EndpointId, NetworkId};

/// An Ethernet address, first octet first; text form `02:42:0a:00:00:02`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MacAddress(pub [u8; 6]);

/// Why a text is not an Ethernet address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a MAC address: six octets such as 02:42:0a:00:00:02 are wanted")]
pub struct InvalidMac(pub String);

impl MacAddress {
    /// Whether it names one station (the group bit is clear) and is not all zeros: what an interface may have.
    #[must_use]
    pub fn is_unicast(self) -> bool {
        self.0[0] & 1 == 0 && self.0 != [0; 6]
    }

    /// A stable, locally administered address made from a network and an address in it, so that a container that comes
    /// back with the same address is the same station to its neighbours.
    #[must_use]
    pub fn derived(network: &str, address: IpAddr) -> Self {
        let hash = spread(network.bytes().chain(address.to_string().into_bytes()));
        let [_, _, a, b, c, d, e, f] = hash.to_be_bytes();
        Self([a & 0xfc | 0x02, b, c, d, e, f])
    }

    /// What an endpoint gets that names none: the same for the same first address in the same network; an endpoint without
    /// an address is told apart by its id.
    #[must_use]
    pub fn of_endpoint(network: &NetworkId, endpoint: &EndpointId, first: Option<IpAddr>) -> Self {
        match first {
            Some(address) => Self::derived(network, address),
            None => Self::derived(endpoint, Ipv4Addr::UNSPECIFIED.into()),
        }
    }
}

/// FNV-1a: no secret, only spread, is wanted.
pub(crate) fn spread(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl fmt::Debug for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for MacAddress {
    type Err = InvalidMac;

    fn from_str(text: &str) -> Result<Self, InvalidMac> {
        let invalid = || InvalidMac(text.to_owned());
        let mut octets = [0; 6];
        let mut parts = text.split([':', '-']);
        for octet in &mut octets {
            let part = parts.next().filter(|part| part.len() == 2 && !part.starts_with('+')).ok_or_else(invalid)?;
            *octet = u8::from_str_radix(part, 16).map_err(|_| invalid())?;
        }
        if parts.next().is_some() { Err(invalid()) } else { Ok(Self(octets)) }
    }
}

impl TryFrom<String> for MacAddress {
    type Error = InvalidMac;

    fn try_from(text: String) -> Result<Self, InvalidMac> {
        text.parse()
    }
}

impl From<MacAddress> for String {
    fn from(mac: MacAddress) -> Self {
        mac.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let mac: MacAddress = "02:42:0a:00:00:FE".parse().unwrap();
        assert_eq!(mac.to_string(), "02:42:0a:00:00:fe");
        for bad in ["", "02:42", "02:42:0a:00:00:fe:01", "0242.0a00.00fe", "02:42:0a:00:00:zz", "+2:42:0a:00:00:fe"] {
            assert!(bad.parse::<MacAddress>().is_err(), "{bad}");
        }
    }

    #[test]
    fn derived_addresses_are_stable_local_and_spread() {
        let one = MacAddress::derived("net", "10.0.0.2".parse().unwrap());
        assert_eq!(one, MacAddress::derived("net", "10.0.0.2".parse().unwrap()));
        assert_ne!(one, MacAddress::derived("net", "10.0.0.3".parse().unwrap()));
        assert_ne!(one, MacAddress::derived("other", "10.0.0.2".parse().unwrap()));
        assert!(one.is_unicast() && one.0[0] & 2 == 2);
    }
}
