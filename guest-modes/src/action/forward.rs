//! `forward`: the way out of a network.

use crate::Label;

/// New connections may leave the network through the host port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// The host port's step.
    pub port: Label,
    /// Endpoints may also reach each other through the host.
    pub hairpin: bool,
}

impl Forward {
    /// Lets new connections leave through a host port.
    #[must_use]
    pub fn through(port: &Label) -> Self {
        Self { port: port.clone(), hairpin: false }
    }

    /// Says whether endpoints may also reach each other through the host.
    #[must_use]
    pub fn hairpin(self, hairpin: bool) -> Self {
        Self { hairpin, ..self }
    }
}
