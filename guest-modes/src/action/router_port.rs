//! `router-port`: a logical router on a logical switch.

use ipnet::IpNet;

use crate::Label;

/// A router on a switch, with its addresses there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterPort {
    /// The router's step.
    pub router: Label,
    /// The switch's step.
    pub switch: Label,
    /// The router's addresses there.
    pub addresses: Vec<IpNet>,
    /// The hosts it may be at, the first that is up; empty: everywhere.
    pub chassis: Vec<String>,
}

impl RouterPort {
    /// Joins a router to a switch, with addresses.
    pub fn between(router: &Label, switch: &Label, addresses: impl IntoIterator<Item = IpNet>) -> Self {
        let addresses = addresses.into_iter().collect();
        Self { router: router.clone(), switch: switch.clone(), addresses, chassis: Vec::new() }
    }

    /// Says at which hosts it may be: at the first of them that is up.
    #[must_use]
    pub fn chassis(self, chassis: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { chassis: chassis.into_iter().map(Into::into).collect(), ..self }
    }
}
