//! What is wrong with a configuration.

use std::fmt;

/// One bad value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Its key, as in the file.
    pub(crate) key: String,
    /// Where it comes from: a file, a variable, a flag.
    pub(crate) source: String,
    /// What it is.
    pub(crate) value: String,
    /// What would be right.
    pub(crate) right: String,
}

/// All bad values. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problems(pub(crate) Vec<Problem>);

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {} ({}): {} is wanted", self.key, self.value, self.source, self.right)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [one] => write!(f, "the configuration has a bad value: {one}"),
            several => {
                write!(f, "the configuration has {} bad values:", several.len())?;
                several.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}

impl std::error::Error for Problems {}
