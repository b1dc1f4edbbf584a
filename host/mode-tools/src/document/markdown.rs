//! What strangers wrote, as text of a Markdown page and nothing else.

use policy::printable;

/// Text: nothing in it is markup, HTML, a link or the end of a table's cell.
pub(super) fn text(plain: &str) -> String {
    let mut escaped = String::with_capacity(plain.len());
    for character in printable(plain).chars() {
        if matches!(character, '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '&' | '~' | '#') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A span of code, which may stand in a table. Backticks in it are outnumbered by those around it.
pub(super) fn code(plain: &str) -> String {
    let plain = printable(plain);
    let longest = plain.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let (fence, plain) = ("`".repeat(longest + 1), plain.replace('|', "\\|"));
    let pad = if longest > 0 || plain.trim().len() != plain.len() || plain.is_empty() { " " } else { "" };
    format!("{fence}{pad}{plain}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(text("plain, 0.0.0.0 and gateway_mode"), "plain, 0.0.0.0 and gateway_mode");
        assert_eq!(text("<b>|[x](y) `z` \\"), "\\<b\\>\\|\\[x\\](y) \\`z\\` \\\\");
        assert_eq!(text("\u{1b}[2J\n# head"), "\\\\u{1b}\\[2J\\\\n\\# head");
    }

    #[test]
    fn code_ends_where_it_should() {
        assert_eq!(code("mtu"), "`mtu`");
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("a``b"), "``` a``b ```");
        assert_eq!(code(""), "`  `");
        assert_eq!(code("x\u{202e}"), "`x\\u{202e}`");
    }
}
