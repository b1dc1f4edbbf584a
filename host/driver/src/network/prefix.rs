//! `com.docker.network.container_iface_prefix`: what interfaces in containers are named with, as Docker's own drivers
//! take it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Docker's key.
const KEY: &str = "com.docker.network.container_iface_prefix";
/// Docker appends a number, and a name has 15 bytes.
const LONGEST: usize = 12;

/// The start of an interface's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterfacePrefix(String);

/// Why a text is not the start of an interface's name.
#[derive(Debug, thiserror::Error)]
#[error(
    "option {KEY}: \"{0}\" cannot begin an interface's name: letters, digits, '_' and '-', at most {LONGEST}, are wanted"
)]
pub struct InvalidPrefix(String);

impl InterfacePrefix {
    /// What a network's options say of it.
    ///
    /// # Errors
    ///
    /// Where no interface's name can begin so.
    pub fn of(options: &BTreeMap<String, String>) -> Result<Option<Self>, InvalidPrefix> {
        let Some(text) = options.get(KEY) else { return Ok(None) };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if (1..=LONGEST).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Some(Self(text.clone())))
        } else {
            Err(InvalidPrefix(text.clone()))
        }
    }
}

impl fmt::Display for InterfacePrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
