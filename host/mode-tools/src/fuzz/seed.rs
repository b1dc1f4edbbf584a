//! What a run's inputs are made from.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// A seed: the same one, for the same mode, makes the same inputs. As text it is a hexadecimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

/// A seed was wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hexadecimal number such as 7c1d03ab is wanted")]
pub struct BadSeed;

impl Seed {
    /// One that nobody foresees, short enough to be typed.
    #[must_use]
    pub fn random() -> Self {
        Self(RandomState::new().hash_one(()) & u64::from(u32::MAX))
    }
}

impl FromStr for Seed {
    type Err = BadSeed;

    fn from_str(text: &str) -> Result<Self, BadSeed> {
        u64::from_str_radix(text, 16).map(Self).map_err(|_| BadSeed)
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

impl Serialize for Seed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
