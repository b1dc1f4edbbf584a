//! A key of Docker's that nobody here acts on, in words for whoever gave it.

use std::fmt;

use super::nearest;
use crate::escape::printable_within;

/// A key of Docker's that nobody here acts on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The key, printable.
    pub key: String,
    mode: String,
    nearest: Option<String>,
}

impl Ignored {
    /// `names`: other names of the mode's options, among which may be the one that was meant.
    pub(super) fn new<'a>(key: &str, mode: &str, names: impl Iterator<Item = &'a String>) -> Self {
        // Docker's keys begin alike: what tells them apart is what comes last.
        let names: Vec<(&str, &str)> =
            names.filter_map(|name| Some((name.rsplit_once('.')?.1, name.as_str()))).collect();
        let last = key.rsplit('.').next().unwrap_or(key);
        let meant = nearest(last, names.iter().map(|(last, _)| *last));
        let nearest = names.iter().find(|(last, _)| Some(*last) == meant).map(|(_, name)| (*name).to_owned());
        Self { key: printable_within(key, 128), mode: mode.to_owned(), nearest }
    }
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, mode, nearest } = self;
        write!(f, "option {key} is ignored: it means nothing to mode {mode}")?;
        nearest.iter().try_for_each(|nearest| write!(f, ", did you mean {nearest}?"))
    }
}
