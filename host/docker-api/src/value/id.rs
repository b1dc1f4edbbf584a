//! The names that Docker gives networks and endpoints.

use std::fmt;

use crate::malformed::Malformed;

/// Longest identifier; Docker's own are 64 hexadecimal digits, swarm's are 25 letters and digits.
const LONGEST: usize = 128;

/// What an identifier may look like: it becomes part of keys, log lines and external ids.
const EXPECTED: &str = "1 to 128 letters, digits, '_', '.' and '-', the first a letter or digit";

macro_rules! identifier {
    ($name:ident, $field:literal, $what:literal) => {
        #[doc = $what]
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The identifier, if it is 1 to 128 letters, digits, `_`, `.` and `-`, the first a letter or digit.
            pub fn new(text: impl Into<String>) -> Option<Self> {
                let text = text.into();
                is_valid(&text).then_some(Self(text))
            }

            /// The identifier as Docker wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Reads the request's field; null is as good as absent.
            pub(crate) fn parse(text: Option<String>) -> Result<Self, Malformed> {
                let text = text.filter(|text| !text.is_empty()).ok_or(Malformed::Missing { field: $field })?;
                Self::new(text.as_str()).ok_or_else(|| Malformed::value($field, text, EXPECTED))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

identifier!(NetworkId, "NetworkID", "A network's identifier, in full.");
identifier!(EndpointId, "EndpointID", "An endpoint's identifier, in full.");

/// An endpoint and the network it is on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EndpointRef {
    /// The network.
    pub network: NetworkId,
    /// The endpoint.
    pub endpoint: EndpointId,
}

fn is_valid(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=LONGEST).contains(&bytes.len())
        && bytes[0].is_ascii_alphanumeric()
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docker_and_swarm_identifiers_are_taken() {
        assert!(NetworkId::new("b5082ded43d3b362c2b913dae6ee17a8afb51ef0e2a2e19db122d4b5fea67142").is_some());
        assert!(NetworkId::new("9uz1xrqwtlaoz0zqj6vw8h4pv").is_some());
    }

    #[test]
    fn what_could_escape_a_key_or_a_path_is_refused() {
        for bad in ["", ".", "..", "../etc", "a/b", "a b", "a\n", "-a", "\u{e9}", &"a".repeat(129)] {
            assert_eq!(NetworkId::new(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_missing_identifier_is_told_from_a_bad_one() {
        assert_eq!(EndpointId::parse(None).unwrap_err().to_string(), "EndpointID is missing");
        let bad = EndpointId::parse(Some("a/b".into())).unwrap_err().to_string();
        assert!(bad.starts_with("EndpointID is \"a/b\", expected 1 to 128 letters"), "{bad}");
    }
}
