//! The names of things, each checked once where it enters.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::mac::spread;

/// Why a text or number cannot be the name of a thing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{value}\" is not {what}: {rule}")]
pub struct InvalidName {
    what: &'static str,
    value: String,
    rule: &'static str,
}

fn letters_digits(text: &str, more: &str, longest: usize) -> bool {
    !text.is_empty()
        && text.len() <= longest
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.as_bytes().contains(&byte))
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal, $rule:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("Checks that a text is ", $what, ".\n\n# Errors\n\nWhere it is not: ", $rule, ".")]
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidName> {
                let (value, check): (String, fn(&str) -> bool) = (text.into(), $check);
                if check(&value) { Ok(Self(value)) } else { Err(InvalidName { what: $what, value, rule: $rule }) }
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidName;

            fn try_from(text: String) -> Result<Self, InvalidName> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }
    };
}

name!(
    /// Docker's id of a network.
    NetworkId, "a network id", "letters, digits, '_', '.' and '-', at most 128", |text| letters_digits(text, "_.-", 128)
);
name!(
    /// Docker's id of an endpoint: a container's place in a network.
    EndpointId, "an endpoint id", "letters, digits, '_', '.' and '-', at most 128", |text| letters_digits(text, "_.-", 128)
);
name!(
    /// The random id of one driver's state directory. Everything the driver makes carries it.
    InstanceId, "an instance id", "8 to 36 hexadecimal digits or '-'",
    |text| text.len() >= 8 && text.len() <= 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
);
name!(
    /// The name of a link, as the kernel has it.
    InterfaceName, "an interface name", "1 to 15 bytes without spaces, '/', ':', '%' or control characters, not '.' or '..'",
    link_name
);
name!(
    /// The name of an Open vSwitch bridge; its local port is a link of that name.
    BridgeName, "a bridge name", "1 to 15 bytes without spaces, '/', ':', '%' or control characters, not '.' or '..'",
    link_name
);
name!(
    /// Names what a step of a plan makes.
    Label, "a label", "letters, digits and '-', at most 32", |text| letters_digits(text, "-", 32)
);
name!(
    /// The SHA-256 of a module as it was dropped in, in hexadecimal.
    ModeDigest, "a module digest", "64 lower case hexadecimal digits",
    |text| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
);

impl NetworkId {
    /// What stands in the place of a network on what networks of a mode share under a key: `shared.vlan.uplink-eth1.` and
    /// a number that tells it from others that read the same. No network's id: Docker's have no dots.
    #[must_use]
    pub fn of_shared(mode: &str, key: &str) -> Self {
        const LONGEST: usize = 40;
        let readable = |text: &str| -> String {
            let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
            text.chars().map(plain).take(LONGEST).collect()
        };
        let number = spread(mode.bytes().chain([0]).chain(key.bytes()));
        Self(format!("shared.{}.{}.{number:016x}", readable(mode), readable(key)))
    }
}

/// The kernel's rule (`dev_valid_name`), and no `%`, which the kernel would take for a template.
fn link_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 15
        && text != "."
        && text != ".."
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'/' | b':' | b'%'))
}

/// A VLAN id, 1 to 4094.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct VlanId(u16);

impl VlanId {
    /// Checks that a number is a VLAN id.
    ///
    /// # Errors
    ///
    /// Where it is 0 or above 4094.
    pub fn new(id: u16) -> Result<Self, InvalidName> {
        if (1..=4094).contains(&id) {
            Ok(Self(id))
        } else {
            Err(InvalidName { what: "a VLAN id", value: id.to_string(), rule: "1 to 4094 are" })
        }
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for VlanId {
    type Error = InvalidName;

    fn try_from(id: u16) -> Result<Self, InvalidName> {
        Self::new(id)
    }
}

impl From<VlanId> for u16 {
    fn from(id: VlanId) -> Self {
        id.0
    }
}

impl fmt::Display for VlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_names_are_the_kernels() {
        for good in ["eth0", "eth0.10", "ovs-br_1", "123456789012345"] {
            assert!(InterfaceName::new(good).is_ok(), "{good}");
        }
        for bad in ["", ".", "..", "a/b", "a b", "eth%d", "a:b", "1234567890123456", "e\u{7f}", "é"] {
            assert!(InterfaceName::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_shared_has_an_id_that_reads_as_such() {
        let id = NetworkId::of_shared("vlan", "uplink eth1");
        assert!(id.starts_with("shared.vlan.uplink-eth1."), "{id}");
        assert_eq!(id, NetworkId::of_shared("vlan", "uplink eth1"));
        let long = "x".repeat(500);
        for (mode, key) in [("vlan", "uplink-eth1"), ("vla", "nuplink eth1"), ("vlan", ""), (&*long, &*long)] {
            let other = NetworkId::of_shared(mode, key);
            assert!(other != id && NetworkId::new(other.as_str()).is_ok(), "{other}");
        }
    }

    #[test]
    fn the_error_says_what_would_be_right() {
        let error = BridgeName::new("../etc").unwrap_err();
        assert!(error.to_string().starts_with("\"../etc\" is not a bridge name: 1 to 15 bytes"), "{error}");
        assert!(VlanId::new(0).is_err() && VlanId::new(4095).is_err() && VlanId::new(4094).is_ok());
    }
}
