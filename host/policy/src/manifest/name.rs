//! The names of modes: one rule for what a manifest says, how a file in `mode_dir` is called, what follows `--opt mode=`
//! and what the configuration names.

/// The rule, for messages: `... are wanted`.
pub const MODE_NAME: &str = "1 to 32 lower case letters, digits, '-' and '_'";

/// Whether a text can be the name of a mode.
#[must_use]
pub fn is_mode_name(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    (1..=32).contains(&text.len()) && text.bytes().all(good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_plain() {
        for good in ["nat", "my-lab_2", &"x".repeat(32)] {
            assert!(is_mode_name(good), "{good}");
        }
        for bad in ["", "NAT", "a.b", "../x", "a b", "\u{1b}", &"x".repeat(33)] {
            assert!(!is_mode_name(bad), "{bad}");
        }
    }
}
