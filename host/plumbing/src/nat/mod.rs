//! Forwarding, source address translation and published ports, in an nftables table of our own, and the few rules that
//! let them live beside Docker's iptables.

mod error;
mod rule;
mod watch;

pub use error::FirewallError;
pub use rule::{Effect, Rule};
pub use watch::FirewallWatch;

use std::net::IpAddr;

use plan::InstanceId;

use crate::Mark;

/// What the firewall's objects are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirewallConfig {
    /// The nftables table, in the families `inet` and `arp`: `docker-ovs`.
    pub table: String,
    /// What the names of our links begin with: `ov` for host ports `ovh*` and host ends of containers' links `ove*`.
    pub prefix: String,
    /// The driver's instance: rules in the table are of this one.
    pub instance: InstanceId,
}

/// Our part of the host's firewall. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Firewall {}

impl Firewall {
    /// Finds the commands that are needed (`nft`).
    pub fn new(config: FirewallConfig) -> Result<Self, FirewallError> {
        let _ = config;
        todo!()
    }

    /// The static part: guard, default-deny for host ports. Idempotent; wanted before the first port exists.
    pub async fn ensure_base(&self) -> Result<(), FirewallError> {
        todo!()
    }

    /// Adds and removes rules in one nftables transaction. Idempotent: what is there already, or gone already, is fine.
    /// Connections over ports that go are cut; the rules beside Docker's come with the first [`Effect::Forward`] or
    /// [`Effect::Publish`] and go with the last.
    pub async fn apply(&self, add: &[Rule], remove: &[Rule]) -> Result<(), FirewallError> {
        let _ = (add, remove);
        todo!()
    }

    /// Exactly these rules and no others, in one transaction: at start, when the store knows all there is.
    pub async fn replace(&self, rules: &[Rule]) -> Result<(), FirewallError> {
        let _ = rules;
        todo!()
    }

    /// Those of the rules that do not stand as they should; `apply` them to repair.
    pub async fn missing(&self, rules: &[Rule]) -> Result<Vec<Rule>, FirewallError> {
        let _ = rules;
        todo!()
    }

    /// Whose rules stand there.
    pub async fn marked(&self) -> Result<Vec<Mark>, FirewallError> {
        todo!()
    }

    /// Removes every rule that carries a mark.
    pub async fn remove(&self, mark: &Mark) -> Result<(), FirewallError> {
        let _ = mark;
        todo!()
    }

    /// Cuts what the kernel tracks of connections to and from these addresses: an endpoint's, when it goes.
    pub async fn forget(&self, addresses: &[IpAddr]) -> Result<(), FirewallError> {
        let _ = addresses;
        todo!()
    }

    /// Takes everything of ours out of the firewall.
    pub async fn remove_all(&self) -> Result<(), FirewallError> {
        todo!()
    }

    /// The commands that would do what [`Firewall::apply`] does to add a rule.
    #[must_use]
    pub fn shell(&self, rule: &Rule) -> Vec<String> {
        let _ = rule;
        todo!()
    }

    /// Tells when somebody else changed what our rules stand on.
    pub fn watch(&self) -> Result<FirewallWatch, FirewallError> {
        todo!()
    }
}
