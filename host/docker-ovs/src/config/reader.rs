//! Takes values out of the merged sources one by one, and notes everything that is wrong instead of stopping at it.

use figment::value::{Dict, Value};
use figment::{Figment, Metadata, Source};

use super::problem::{Problem, Problems};
use super::sources::{ENVIRONMENT, FLAGS, PREFIX};

/// Reads keys, and remembers which ones there are.
pub(super) struct Reader {
    figment: Figment,
    known: Vec<String>,
    problems: Vec<Problem>,
}

impl Reader {
    pub(super) fn new(figment: Figment, problems: Vec<Problem>) -> Self {
        Self { figment, known: Vec::new(), problems }
    }

    /// Reads a key into `slot`, if somebody gave it. `read` says what would be right where it is not.
    pub(super) fn set<T>(&mut self, key: &str, slot: &mut T, read: impl FnOnce(&Value) -> Result<T, String>) {
        self.known.push(key.to_owned());
        let Ok(value) = self.figment.find_value(key) else { return };
        match read(&value) {
            Ok(value) => *slot = value,
            Err(right) => self.note(key, &value, right),
        }
    }

    /// The names below a section, for those that operators choose; each is then read like any key.
    pub(super) fn names_below(&mut self, section: &str) -> Vec<String> {
        match self.figment.find_value(section) {
            Ok(Value::Dict(_, dict)) => dict.into_keys().collect(),
            Ok(_) | Err(_) => Vec::new(),
        }
    }

    /// Notes that a value that can be read is wrong all the same.
    pub(super) fn wrong(&mut self, key: &str, right: impl Into<String>) {
        if let Ok(value) = self.figment.find_value(key) {
            self.note(key, &value, right.into());
        }
    }

    /// Notes that a value has to be given, unless what was given is wrong already.
    pub(super) fn missing(&mut self, key: &str, right: impl Into<String>) {
        let (key, right) = (key.to_owned(), right.into());
        if self.problems.iter().any(|problem| problem.key == key) {
            return;
        }
        match self.figment.find_value(&key) {
            Ok(value) => self.note(&key, &value, right),
            Err(_) => self.problems.push(Problem { key, source: "nowhere".into(), value: "not given".into(), right }),
        }
    }

    /// Ends with all problems, those of keys that nobody knows included.
    pub(super) fn finish(mut self) -> Result<(), Problems> {
        let everything = self.figment.extract::<Dict>().unwrap_or_default();
        self.unknown("", &everything);
        if self.problems.is_empty() { Ok(()) } else { Err(Problems(self.problems)) }
    }

    fn unknown(&mut self, above: &str, dict: &Dict) {
        for name in dict.keys() {
            let key = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
            let below = format!("{key}.");
            let section = self.known.iter().any(|known| known.starts_with(&below));
            // Values of an extracted dictionary have lost where they came from.
            let Ok(value) = self.figment.find_value(&key) else { continue };
            match &value {
                _ if self.known.contains(&key) => {}
                Value::Dict(_, dict) if section => self.unknown(&key, dict),
                _ if section => self.note(&key, &value, format!("a section [{key}]")),
                _ => self.note(&key, &value, nearest(&key, &self.known)),
            }
        }
    }

    fn note(&mut self, key: &str, value: &Value, right: String) {
        let source = self.figment.get_metadata(value.tag()).map_or_else(String::new, |metadata| source(metadata, key));
        self.problems.push(Problem { key: key.to_owned(), source, value: said(value), right });
    }
}

/// A value as it was written.
pub(super) fn said(value: &Value) -> String {
    match value {
        Value::String(_, text) => format!("{text:?}"),
        Value::Char(_, character) => format!("{character:?}"),
        Value::Bool(_, yes) => yes.to_string(),
        Value::Array(_, items) => format!("[{}]", items.iter().map(said).collect::<Vec<_>>().join(", ")),
        Value::Dict(..) => "a section".into(),
        Value::Empty(..) => "nothing".into(),
        Value::Num(_, number) => {
            let whole =
                number.to_u128().map(|number| number.to_string()).or_else(|| Some(number.to_i128()?.to_string()));
            whole.or_else(|| Some(number.to_f64()?.to_string())).unwrap_or_default()
        }
    }
}

/// Where a value comes from, in words that help to find it.
fn source(metadata: &Metadata, key: &str) -> String {
    match (&metadata.source, &*metadata.name) {
        (Some(Source::File(path)), _) => format!("in {}", path.display()),
        (_, ENVIRONMENT) => format!("from {PREFIX}{}", key.to_uppercase().replace('.', "__")),
        (_, FLAGS) => format!("from --{}", key.rsplit('.').next().unwrap_or(key).replace('_', "-")),
        (_, other) => other.to_owned(),
    }
}

/// What may have been meant, by how much two keys begin and end alike.
fn nearest(key: &str, known: &[String]) -> String {
    let alike = |other: &str| {
        let start = key.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        let end = key.bytes().rev().zip(other.bytes().rev()).take_while(|(a, b)| a == b).count();
        (start + end, key.len().max(other.len()))
    };
    let best = known.iter().max_by_key(|other| alike(other).0).filter(|other| {
        let (same, length) = alike(other);
        same * 2 >= length
    });
    match best {
        Some(best) => format!("a key that there is, perhaps {best},"),
        None => format!("a key that there is ({})", known.join(", ")),
    }
}
