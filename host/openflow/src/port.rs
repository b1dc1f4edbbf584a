//! Ports: which name has which number (section 7.2.1).

use crate::wire::{Reader, Short};

/// The bytes of a name.
const NAME: usize = 16;

/// A port of the bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// What flows call it. A port that was removed and comes back can have another one.
    pub number: u32,
    /// The name of its interface, cut after 15 bytes.
    pub name: String,
}

impl Port {
    /// Reads one of those in a reply.
    pub(crate) fn read(message: &mut Reader<'_>) -> Result<Self, Short> {
        let number = message.u32()?;
        message.skip(4 + 6 + 2)?;
        let name = message.array::<NAME>()?;
        message.skip(4 + 4 + 6 * 4)?;
        let end = name.iter().position(|byte| *byte == 0).unwrap_or(NAME);
        Ok(Self { number, name: String::from_utf8_lossy(&name[..end]).into_owned() })
    }
}
