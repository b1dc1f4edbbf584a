//! Something that is not as it was.

use std::fmt;

use policy::printable;
use serde::Serialize;

/// One thing, before and after. The texts are printable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What.
    pub what: String,
    /// Before.
    pub from: String,
    /// After.
    pub to: String,
}

/// What came to a set, and what left it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// What came.
    pub added: Vec<String>,
    /// What left.
    pub removed: Vec<String>,
}

impl Change {
    pub(super) fn between(what: &str, from: &str, to: &str) -> Option<Self> {
        (from != to).then(|| Self { what: what.to_owned(), from: printable(from), to: printable(to) })
    }

    pub(super) fn of_number(what: &str, from: u64, to: u64) -> Option<Self> {
        Self::between(what, &from.to_string(), &to.to_string())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
        write!(f, "{}: {} -> {}", self.what, said(&self.from), said(&self.to))
    }
}

impl Moved {
    pub(super) fn between<'a, T: fmt::Display + 'a>(
        from: impl IntoIterator<Item = &'a T>,
        to: impl IntoIterator<Item = &'a T>,
    ) -> Self {
        let texts = |items: &mut dyn Iterator<Item = &'a T>| -> Vec<String> {
            items.map(|item| printable(&item.to_string())).collect()
        };
        let (from, to) = (texts(&mut from.into_iter()), texts(&mut to.into_iter()));
        let without =
            |some: &[String], others: &[String]| some.iter().filter(|text| !others.contains(text)).cloned().collect();
        Self { added: without(&to, &from), removed: without(&from, &to) }
    }

    /// Whether it is as it was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }
}
