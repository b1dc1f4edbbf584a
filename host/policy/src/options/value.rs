//! One option's text, typed.

use plan::Value;

use crate::OptionKind;

/// Bytes of one text: what the guard lets a plan hold.
const TEXT: usize = 1 << 10;
/// Bytes of a secret at the least: a shorter one would stand in other texts by chance, and could be guessed.
pub(crate) const LEAST_SECRET: usize = 8;
/// Items in a list.
const ITEMS: usize = 64;

impl OptionKind {
    /// Types a text, as a user writes it.
    ///
    /// # Errors
    ///
    /// What is wanted instead.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        read(self, text)
    }
}

/// Types a text.
///
/// # Errors
///
/// What is wanted instead.
pub(crate) fn read(kind: &OptionKind, text: &str) -> Result<Value, String> {
    let text = text.trim();
    match kind {
        OptionKind::Text { choices } => choice(choices, text).map(Value::Text),
        OptionKind::Integer { minimum, maximum } => match text.parse() {
            Ok(number) if (*minimum..=*maximum).contains(&number) => Ok(Value::Integer(number)),
            _ => Err(format!("a whole number{} is wanted", range(*minimum, *maximum))),
        },
        OptionKind::Boolean => boolean(text).map(Value::Boolean).ok_or_else(|| "true or false is wanted".into()),
        OptionKind::Address => {
            text.parse().map(Value::Address).map_err(|_| "an address such as 10.0.0.1 or fd00::1 is wanted".into())
        }
        OptionKind::Net => text
            .parse()
            .map(Value::Net)
            .map_err(|_| "an address with its prefix length such as 10.0.0.0/24 or fd00::/64 is wanted".into()),
        OptionKind::Mac => {
            text.parse().map(Value::Mac).map_err(|_| "a MAC address such as 02:42:0a:00:00:02 is wanted".into())
        }
        OptionKind::Texts => texts(text).map(Value::Texts),
        OptionKind::Secret => secret(text).map(Value::Text),
    }
}

fn choice(choices: &[String], text: &str) -> Result<String, String> {
    if !choices.is_empty() && !choices.iter().any(|choice| choice == text) {
        return Err(format!("{} is wanted", one_of(choices)));
    }
    plain(text)
}

/// Text that can stand in a name, a log line or a command.
fn plain(text: &str) -> Result<String, String> {
    if text.is_empty() || text.len() > TEXT || text.chars().any(char::is_control) {
        return Err(format!("a text of 1 to {TEXT} bytes without control characters is wanted"));
    }
    Ok(text.to_owned())
}

fn secret(text: &str) -> Result<String, String> {
    let long = plain(text).ok().filter(|text| text.len() >= LEAST_SECRET);
    long.ok_or_else(|| format!("a text of {LEAST_SECRET} to {TEXT} bytes without control characters is wanted"))
}

fn texts(text: &str) -> Result<Vec<String>, String> {
    let items = text.split(',').map(|item| plain(item.trim())).collect::<Result<Vec<_>, _>>();
    items
        .ok()
        .filter(|items| items.len() <= ITEMS)
        .ok_or_else(|| format!("1 to {ITEMS} texts with commas between are wanted"))
}

/// What Go's `strconv.ParseBool` takes, which Docker's own drivers use, in any case.
fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "1" => Some(true),
        "false" | "f" | "0" => Some(false),
        _ => None,
    }
}

fn range(minimum: i64, maximum: i64) -> String {
    match (minimum, maximum) {
        (i64::MIN, i64::MAX) => String::new(),
        (minimum, i64::MAX) => format!(" from {minimum}"),
        (i64::MIN, maximum) => format!(" up to {maximum}"),
        (minimum, maximum) => format!(" from {minimum} to {maximum}"),
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn one_of(words: &[impl AsRef<str>]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, first)) => format!("{} or {last}", first.join(", ")),
    }
}
