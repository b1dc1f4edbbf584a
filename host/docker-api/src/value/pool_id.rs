//! What an address management driver calls a pool.

use std::fmt;
use std::str::FromStr;

use crate::malformed::Malformed;

/// Longest id of a pool, in bytes.
const LONGEST: usize = 255;

/// The id that the driver gave a pool. Docker keeps it and sends it back as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PoolId(String);

impl PoolId {
    pub(crate) fn parse(text: Option<String>) -> Result<Self, Malformed> {
        let text = text.ok_or(Malformed::Missing { field: "PoolID" })?;
        text.parse().map_err(|NotAPoolId| Malformed::value("PoolID", text, "the id of a pool"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not one word of visible characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a pool: one word of at most {LONGEST} characters")]
pub struct NotAPoolId;

impl FromStr for PoolId {
    type Err = NotAPoolId;

    fn from_str(text: &str) -> Result<Self, NotAPoolId> {
        match !text.is_empty() && text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            true => Ok(Self(text.to_owned())),
            false => Err(NotAPoolId),
        }
    }
}

impl fmt::Display for PoolId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_one_word() {
        let parse = |text: &str| PoolId::parse(Some(text.to_owned()));
        assert_eq!(parse("own/default/10.1.0.0/24/-/7f").unwrap().as_str(), "own/default/10.1.0.0/24/-/7f");
        for bad in ["", "a b", "a\u{1b}", &"x".repeat(256)] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(PoolId::parse(None).is_err());
    }
}
