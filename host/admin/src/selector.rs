//! How an operator names a network or an endpoint.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest name; identifiers of Docker are 64 digits.
const LONGEST: usize = 128;

/// An identifier, or a beginning of it that no other has: 1 to 128 letters, digits, `_`, `.` and `-`, the first a letter
/// or digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Selector(String);

/// The text is no name of anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} cannot be an identifier: they are letters, digits, '_', '.' and '-', at most {LONGEST}")]
pub struct BadSelector {
    text: String,
}

impl Selector {
    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Does it name this identifier?
    pub fn matches(&self, id: &str) -> bool {
        id.starts_with(&self.0)
    }
}

impl FromStr for Selector {
    type Err = BadSelector;

    fn from_str(text: &str) -> Result<Self, BadSelector> {
        let bytes = text.as_bytes();
        let fits = (1..=LONGEST).contains(&bytes.len());
        let plain = bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(byte));
        if fits && plain && bytes[0].is_ascii_alphanumeric() {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadSelector { text: text.chars().take(LONGEST).collect() })
        }
    }
}

impl TryFrom<String> for Selector {
    type Error = BadSelector;

    fn try_from(text: String) -> Result<Self, BadSelector> {
        text.parse()
    }
}

impl From<Selector> for String {
    fn from(selector: Selector) -> Self {
        selector.0
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_matches() {
        let selector: Selector = "b5082d".parse().unwrap();
        assert!(selector.matches("b5082ded43d3") && !selector.matches("b508"));
    }

    #[test]
    fn what_could_leave_its_place_in_a_path_is_refused() {
        for bad in ["", "..", "a/b", "a?b", "a b", "%2e", &"a".repeat(129)] {
            assert!(bad.parse::<Selector>().is_err(), "{bad:?}");
        }
    }
}
