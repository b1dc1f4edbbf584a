//! Whatever a guest says is made printable before it reaches a terminal, a log or Docker.

use std::fmt::Write;

/// The text with everything that could steer a terminal, break a line or turn the reading direction written out as
/// `\u{1b}`, `\n` and so on.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut printed = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) {
            let _ = write!(printed, "{}", character.escape_default());
        } else {
            printed.push(character);
        }
    }
    printed
}

/// [`printable`], cut to at most `bytes` bytes, with `...` where something was cut.
#[must_use]
pub fn printable_within(text: &str, bytes: usize) -> String {
    let mut printed = printable(&text[..boundary(text, bytes)]);
    if printed.len() > bytes || text.len() > bytes {
        printed.truncate(boundary(&printed, bytes.saturating_sub(3)));
        printed.push_str("...");
    }
    printed
}

/// The end of the last character that ends within so many bytes.
fn boundary(text: &str, bytes: usize) -> usize {
    (0..=bytes.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Control characters (C0, DEL, C1), line and paragraph separators, and the marks that turn the reading direction or
/// cannot be seen.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_written_out() {
        assert_eq!(printable("red \u{1b}[31m\r\n\0\u{9b}2J\u{7f}"), "red \\u{1b}[31m\\r\\n\\u{0}\\u{9b}2J\\u{7f}");
        assert_eq!(printable("abc\u{202e}fed"), "abc\\u{202e}fed");
        assert_eq!(printable("plain, Grüße, \"quoted\""), "plain, Grüße, \"quoted\"");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(printable_within("short", 5), "short");
        assert_eq!(printable_within("longer than that", 9), "longer...");
        assert_eq!(printable_within("ääääää", 8), "ää...");
        assert!(printable_within(&"\u{1b}".repeat(100), 20).len() <= 20);
    }
}
