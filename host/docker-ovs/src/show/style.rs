//! Colour, on a terminal only, and not where `NO_COLOR` is set.

use std::io::{IsTerminal, stdout};

/// What a text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// As it should be.
    Good,
    /// Worth a look.
    Doubtful,
    /// To be mended.
    Bad,
    /// Less important.
    Faint,
    /// A heading.
    Strong,
}

impl Style {
    /// The text, coloured where the standard output shows colours.
    pub(crate) fn paint(self, text: &str) -> String {
        if !stdout().is_terminal() || std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty()) {
            return text.to_owned();
        }
        let code = match self {
            Self::Good => 32,
            Self::Doubtful => 33,
            Self::Bad => 31,
            Self::Faint => 2,
            Self::Strong => 1,
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
