//! What a manifest says, in the words that every tool shows and as records for programs.
//!
//! What a stranger wrote is printable in here: neither a terminal nor a JSON viewer is steered by it.

mod grant;
mod option;
mod words;

pub use self::grant::grant_section;
pub use self::option::{AliasReport, OptionReport};
pub use self::words::{capability, fact, gateway};
pub(crate) use self::words::{kind, scope, values};
