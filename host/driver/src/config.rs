//! What the driver is told at start.

use std::time::Duration;

/// The driver's settings. The binary fills them from its configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The mode of a network that names none.
    pub default_mode: String,
    /// What the names of our links start with.
    pub prefix: String,
    /// How long one piece of background work may take.
    pub patience: Duration,
    /// How often everything is verified though nothing was heard to have changed.
    pub every: Duration,
    /// How long a thing with our mark and no record is left alone before it is removed.
    pub grace: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            default_mode: "nat".to_owned(),
            prefix: "ov".to_owned(),
            patience: Duration::from_secs(10),
            every: Duration::from_secs(60),
            grace: Duration::from_secs(30),
        }
    }
}
