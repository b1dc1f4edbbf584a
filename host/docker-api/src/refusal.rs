//! The one place where an error becomes Docker's `Err`.

use std::error::Error;
use std::fmt;

/// Longest text that Docker is given, in characters.
const LONGEST: usize = 4096;

/// Why a call was not done: the text that Docker prints after `remote: `.
///
/// Every error turns into one with `?`; its sources follow, each after a colon, unless the text before ends with them
/// already. Like `anyhow::Error` it is for that reason no `Error` itself.
///
/// ```
/// use docker_api::Refusal;
///
/// fn parse(mtu: &str) -> Result<u16, Refusal> {
///     Ok(mtu.parse()?)
/// }
/// assert_eq!(parse("abc").unwrap_err().to_string(), "invalid digit found in string");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    message: String,
}

impl Refusal {
    /// A refusal in these words. Control characters are escaped, since the text ends on a terminal and part of it may
    /// come from a mode or from Open vSwitch; line breaks stay. What is longer than 4096 characters is cut.
    pub fn new(message: impl AsRef<str>) -> Self {
        let mut safe = String::new();
        for (count, character) in message.as_ref().chars().enumerate() {
            if count == LONGEST {
                safe.push_str(" ... (cut)");
                break;
            }
            match character {
                '\n' => safe.push('\n'),
                control if control.is_control() => safe.extend(control.escape_default()),
                plain => safe.push(plain),
            }
        }
        if safe.is_empty() {
            // An empty `Err` is a success to Docker.
            safe.push_str("refused without a reason");
        }
        Self { message: safe }
    }

    /// The text that Docker prints.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl<E: Error> From<E> for Refusal {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let words = cause.to_string();
            if !text.ends_with(&words) {
                text.push_str(": ");
                text.push_str(&words);
            }
            source = cause.source();
        }
        Self::new(text)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot add port {port}")]
    struct Outer {
        port: &'static str,
        source: Inner,
    }

    #[derive(Debug, thiserror::Error)]
    #[error("no such bridge")]
    struct Inner;

    #[test]
    fn an_error_is_told_with_its_sources() {
        let refusal = Refusal::from(Outer { port: "ovs1", source: Inner });
        assert_eq!(refusal.message(), "cannot add port ovs1: no such bridge");
    }

    #[test]
    fn a_source_that_the_text_already_ends_with_is_not_told_twice() {
        let inner = std::io::Error::other("busy");
        assert_eq!(Refusal::from(inner).message(), "busy");
    }

    #[test]
    fn terminal_escapes_do_not_reach_docker() {
        assert_eq!(Refusal::new("a\u{1b}[31mred\nb\r").message(), "a\\u{1b}[31mred\nb\\r");
    }

    #[test]
    fn a_refusal_is_never_empty_and_never_endless() {
        assert_eq!(Refusal::new("").message(), "refused without a reason");
        let long = Refusal::new("x".repeat(100_000));
        assert_eq!(long.message().len(), LONGEST + " ... (cut)".len());
    }
}
