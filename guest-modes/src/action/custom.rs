//! `custom`: what a later host knows.

use crate::{Attributes, Value};

/// An action that a later host knows: `name@version`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Custom {
    /// `name@version`.
    pub kind: String,
    /// Its arguments.
    pub arguments: Attributes,
}

impl Custom {
    /// An action that a later host knows: `name@version`.
    pub fn new(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), arguments: Attributes::default() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.arguments.set(key, value);
        self
    }
}
