//! Ethernet addresses.

use std::fmt;
use std::str::FromStr;

/// An Ethernet address, first octet first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddress(pub [u8; 6]);

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

/// A text that is no Ethernet address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidMac;

impl fmt::Display for InvalidMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an Ethernet address: six octets in hexadecimal with ':' between them are wanted")
    }
}

impl std::error::Error for InvalidMac {}

impl FromStr for MacAddress {
    type Err = InvalidMac;

    fn from_str(text: &str) -> Result<Self, InvalidMac> {
        let octet = |part: &str| {
            let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
            digits.then(|| u8::from_str_radix(part, 16).ok()).flatten().ok_or(InvalidMac)
        };
        let octets = text.split(':').map(octet).collect::<Result<Vec<u8>, _>>()?;
        octets.try_into().map(Self).map_err(|_| InvalidMac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let mac: MacAddress = "02:42:ac:11:00:0F".parse().unwrap();
        assert_eq!(mac, MacAddress([0x02, 0x42, 0xac, 0x11, 0x00, 0x0f]));
        assert_eq!(mac.to_string(), "02:42:ac:11:00:0f");
        for bad in
            ["", "02:42:ac:11:00", "02:42:ac:11:00:0f:01", "2:42:ac:11:00:0f", "+2:42:ac:11:00:0f", "0242ac11000f"]
        {
            assert_eq!(bad.parse::<MacAddress>(), Err(InvalidMac), "{bad}");
        }
    }
}
