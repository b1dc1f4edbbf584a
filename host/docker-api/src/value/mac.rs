//! Ethernet addresses.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::malformed::Malformed;

/// An Ethernet address; written `02:42:0a:1e:1e:20`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MacAddress(pub [u8; 6]);

impl MacAddress {
    /// Reads a text field; null and the empty text mean that none was asked for.
    pub(crate) fn parse(field: &'static str, text: Option<&str>) -> Result<Option<Self>, Malformed> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
        match text.parse() {
            Ok(mac) => Ok(Some(mac)),
            Err(NotAMac) => Err(Malformed::value(field, text, "six bytes such as 02:42:0a:1e:1e:20")),
        }
    }

    /// Reads an option: Go writes a byte slice, which its addresses are, in base64; text is taken as well.
    pub(crate) fn parse_option(field: &'static str, text: &str) -> Result<Option<Self>, Malformed> {
        if let Ok(bytes) = BASE64_STANDARD.decode(text)
            && let Ok(bytes) = bytes.try_into()
        {
            return Ok(Some(Self(bytes)));
        }
        Self::parse(field, Some(text))
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, f] = self.0;
        write!(formatter, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}")
    }
}

/// The text is not six bytes in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an Ethernet address such as 02:42:0a:1e:1e:20")]
pub struct NotAMac;

impl FromStr for MacAddress {
    type Err = NotAMac;

    fn from_str(text: &str) -> Result<Self, NotAMac> {
        let mut bytes = [0; 6];
        let mut parts = text.split([':', '-']);
        for byte in &mut bytes {
            let part = parts.next().filter(|part| is_two_digits(part)).ok_or(NotAMac)?;
            *byte = u8::from_str_radix(part, 16).map_err(|_| NotAMac)?;
        }
        if parts.next().is_some() { Err(NotAMac) } else { Ok(Self(bytes)) }
    }
}

/// `from_str_radix` alone would take a sign.
fn is_two_digits(part: &str) -> bool {
    part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_in_and_comes_out() {
        let mac: MacAddress = "02:42:0A:1e:1e:20".parse().unwrap();
        assert_eq!(mac.to_string(), "02:42:0a:1e:1e:20");
    }

    #[test]
    fn an_option_may_be_base64_or_text() {
        let expected = Some(MacAddress([0x02, 0x42, 0xac, 0x11, 0, 9]));
        assert_eq!(MacAddress::parse_option("mac", "AkKsEQAJ").unwrap(), expected);
        assert_eq!(MacAddress::parse_option("mac", "02:42:ac:11:00:09").unwrap(), expected);
        assert_eq!(MacAddress::parse_option("mac", "").unwrap(), None);
    }

    #[test]
    fn what_is_not_six_bytes_is_refused() {
        for bad in ["02:42", "02:42:0a:1e:1e:20:33", "0242:0a:1e:1e:20", "+2:42:0a:1e:1e:20", "zz:42:0a:1e:1e:20"] {
            assert_eq!(bad.parse::<MacAddress>(), Err(NotAMac), "{bad}");
        }
    }
}
