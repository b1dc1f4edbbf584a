//! What is wrong with an option, in words for the user who wrote it.

use super::Owner;
use crate::Scope;

/// Stands where the value of a secret is not told.
pub(super) const HIDDEN_VALUE: &str = "what was given, which is secret,";

/// What is wrong with an option: which key, what was wrong, what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {
    /// Nobody knows it.
    #[error("mode {mode} has no option {key}: {}", hint(.nearest.as_deref(), .known))]
    Unknown {
        /// The mode that was asked for.
        mode: String,
        /// The key, printable.
        key: String,
        /// What may have been meant.
        nearest: Option<String>,
        /// All keys of that scope.
        known: Vec<String>,
    },
    /// Another mode knows it.
    #[error("option {key} belongs to {}", .owner.how(*.scope))]
    Elsewhere {
        /// The key, printable.
        key: String,
        /// Which modes.
        owner: Owner,
        /// Where it was given.
        scope: Scope,
    },
    /// It is for networks, and was given for an endpoint, or the other way round.
    #[error("option {key} is {}", place(*.scope))]
    Place {
        /// The key as it was given.
        key: String,
        /// Where it belongs.
        scope: Scope,
    },
    /// Its value is not of its type.
    #[error("option {key}: {value} cannot be: {wanted} ({help})")]
    Value {
        /// The key as it was given.
        key: String,
        /// What was given, quoted and printable; of a secret not even that.
        value: String,
        /// What would be right.
        wanted: String,
        /// What the option means.
        help: String,
    },
    /// Two names of one option say different things.
    #[error("options {first} and {second} are the same and say different things: give one of them")]
    Twice {
        /// One name.
        first: String,
        /// The other.
        second: String,
    },
    /// It has to be given.
    #[error("mode {mode} needs option {key} ({help})")]
    Missing {
        /// The mode that was asked for.
        mode: String,
        /// The key.
        key: String,
        /// What it means.
        help: String,
    },
}

impl OptionError {
    /// The same without the value, where it is that of an option for which `is_secret`.
    pub(crate) fn hiding(self, is_secret: impl Fn(&str) -> bool) -> Self {
        match self {
            Self::Value { key, wanted, help, .. } if is_secret(option(&key)) => {
                Self::Value { key, value: HIDDEN_VALUE.to_owned(), wanted, help }
            }
            error => error,
        }
    }

    /// The key it is about.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Unknown { key, .. }
            | Self::Elsewhere { key, .. }
            | Self::Place { key, .. }
            | Self::Value { key, .. }
            | Self::Missing { key, .. }
            | Self::Twice { first: key, .. } => key,
        }
    }
}

/// The option that a key is of, as an error about its value names it: an alias has it in parentheses behind.
fn option(key: &str) -> &str {
    key.strip_suffix(')').and_then(|key| key.rsplit_once(" (")).map_or(key, |(_, option)| option)
}

fn hint(nearest: Option<&str>, known: &[String]) -> String {
    match nearest {
        Some(nearest) => format!("did you mean {nearest}?"),
        None if known.is_empty() => "it has none".into(),
        None => format!("it has {}", known.join(", ")),
    }
}

fn place(scope: Scope) -> &'static str {
    match scope {
        Scope::Endpoint => {
            "an endpoint's: give it on docker network connect --driver-opt or in driver_opts of a service's network"
        }
        Scope::Network | Scope::Both => "the network's: give it on docker network create --opt",
    }
}
