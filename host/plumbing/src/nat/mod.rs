//! Forwarding, source address translation and published ports, in nftables tables of our own, and the few rules that
//! let them live beside Docker's iptables.
//!
//! What exists is in the kernel, and nothing is remembered here: rules become elements of sets, by which they are found
//! again. Not here: which networks want what, and the relay for ports published on loopback addresses.

mod base;
mod closed;
mod command;
mod conntrack;
mod element;
mod error;
mod forgetter;
mod forwarding;
mod listing;
mod look;
mod neighbours;
mod nfnetlink;
mod own;
mod owner;
mod rule;
mod settle;
mod shell;
mod standing;
mod tables;
#[cfg(test)]
mod tests;
mod tools;
mod watch;
mod whose;

use std::collections::HashSet;
use std::ffi::OsString;
use std::net::IpAddr;
use std::sync::Arc;

use netlink_sys::protocols::NETLINK_NETFILTER;
use plan::{InstanceId, Protocol};

use crate::Mark;
use crate::link::Links;
use crate::netlink::Pool;
use closed::Closed;
use command::Commands;
use element::{Element, elements};
use neighbours::Neighbours;
use own::Own;
use tables::Tables;
use tools::Tools;

pub use error::FirewallError;
pub(crate) use forgetter::Forgetter;
pub use rule::{Effect, Rule};
pub use shell::shell;
pub use watch::FirewallWatch;

/// What the firewall's objects are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirewallConfig {
    /// The nftables tables, in the families `inet` and `arp`: `docker-ovs`.
    pub table: String,
    /// What the names of our links begin with: `ov` for host ports `ovh*` and host ends of containers' links `ove*`.
    pub prefix: String,
    /// The driver's instance: the tables are this one's alone.
    pub instance: InstanceId,
}

/// Our part of the host's firewall. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Firewall {
    config: FirewallConfig,
    own: Arc<Own>,
    tables: Tables,
    neighbours: Neighbours,
    netfilter: Pool,
    links: Links,
    closed: Closed,
    /// What depends on all rules together is settled one change after the other.
    settling: Arc<tokio::sync::Mutex<()>>,
    /// Held (write) while what is to go is looked at and removed: nothing else may come to its place in between.
    removing: Arc<tokio::sync::RwLock<()>>,
    seen: Arc<tokio::sync::Mutex<Option<Arc<look::Look>>>>,
}

impl Firewall {
    /// Finds what is needed.
    ///
    /// # Errors
    ///
    /// [`FirewallError::NotInstalled`] where there is no `nft`.
    pub fn new(config: FirewallConfig) -> Result<Self, FirewallError> {
        Self::with_path(config, std::env::var_os("PATH"))
    }

    pub(crate) fn with_path(config: FirewallConfig, path: Option<OsString>) -> Result<Self, FirewallError> {
        let own = Arc::<Own>::default();
        let commands = Commands::new(path, Arc::clone(&own));
        commands.find("nft").ok_or(FirewallError::NotInstalled { command: "nft", package: "nftables" })?;
        let netlink = |source| FirewallError::Netlink { operation: "connection tracking", source };
        let netfilter = Pool::open(NETLINK_NETFILTER).map_err(netlink)?;
        let tools = Tools::new(commands.clone(), netfilter.clone());
        let links = Links::open().map_err(|error| netlink(std::io::Error::other(error)))?;
        Ok(Self {
            tables: Tables::new(commands.clone(), config.table.clone(), config.prefix.clone()),
            neighbours: Neighbours::new(commands, tools, config.table.clone(), &config.prefix),
            netfilter,
            links,
            closed: Closed::default(),
            settling: Arc::default(),
            removing: Arc::default(),
            seen: Arc::default(),
            config,
            own,
        })
    }

    /// The static part: guard, default-deny for host ports. Idempotent; wanted before the first port exists.
    ///
    /// # Errors
    ///
    /// Where `nft` fails.
    pub async fn ensure_base(&self) -> Result<(), FirewallError> {
        self.tables.ensure().await
    }

    /// Adds and removes rules in one nftables transaction. Idempotent: what is there already, or gone already, is fine, and
    /// where somebody else's rule has taken the place of one that is to go, that stays. Connections over ports that go are
    /// cut. Forwarding is turned on, and the rules next to Docker's are put, with the first [`Effect::Forward`]; they go
    /// with the last.
    ///
    /// # Errors
    ///
    /// Where a command fails: if it is `nft`, nothing was changed.
    pub async fn apply(&self, add: &[Rule], remove: &[Rule]) -> Result<(), FirewallError> {
        if remove.is_empty() {
            let _nothing_goes = self.removing.read().await;
            self.change(add, &[]).await?;
            return self.cut(add, &[]).await;
        }
        let alone = self.removing.write().await;
        let went = self.not_taken(remove).await?;
        self.change(add, &went).await?;
        drop(alone);
        self.cut(add, &went).await
    }

    async fn change(&self, add: &[Rule], remove: &[Rule]) -> Result<(), FirewallError> {
        if add.iter().chain(remove).any(is_settled_for) {
            self.change_around(add, remove).await
        } else {
            self.tables.change(&all(add), &all(remove)).await
        }
    }

    /// Exactly these rules and no others, in one transaction: at start, when the store knows all there is.
    ///
    /// # Errors
    ///
    /// Where a command fails: if it is `nft`, nothing was changed.
    pub async fn replace(&self, rules: &[Rule]) -> Result<(), FirewallError> {
        let _alone = self.removing.write().await;
        let standing = self.standing().await?;
        let closed = self.closed.with(&standing.closed);
        let unguarded = standing.unguarded.into_iter().collect();
        self.tables.replace(&[all(rules), closed, unguarded].concat()).await?;
        self.settle().await
    }

    /// Those of the rules that do not stand as they should, all of them where the static part does not: [`Self::apply`]
    /// repairs that, too.
    ///
    /// # Errors
    ///
    /// Where a command fails.
    pub async fn missing(&self, rules: &[Rule]) -> Result<Vec<Rule>, FirewallError> {
        let look = self.look().await?;
        let Some(there) = &look.there else { return Ok(rules.to_vec()) };
        let stands = |rule: &&Rule| {
            let whole = elements(rule).iter().all(|element| there.contains(element));
            whole && (look.settled || !is_settled_for(rule))
        };
        Ok(rules.iter().filter(|rule| !stands(rule)).cloned().collect())
    }

    /// Whose rules stand there.
    ///
    /// # Errors
    ///
    /// Where `nft` fails.
    pub async fn marked(&self) -> Result<Vec<Mark>, FirewallError> {
        let there = self.tables.elements().await?;
        let mut marks = Vec::new();
        for comment in there.iter().filter_map(|element| element.comment.as_deref()) {
            let mark = owner::read(comment, &self.config.instance);
            marks.extend(mark.filter(|mark| !marks.contains(mark)));
        }
        Ok(marks)
    }

    /// Removes every rule that carries a mark.
    ///
    /// # Errors
    ///
    /// Where a command fails.
    pub async fn remove(&self, mark: &Mark) -> Result<(), FirewallError> {
        let _alone = self.removing.write().await;
        let comment = owner::write(mark);
        let there = self.tables.elements().await?;
        let theirs: Vec<_> = there.into_iter().filter(|element| element.comment == comment).collect();
        self.tables.change(&[], &theirs).await?;
        self.settle().await
    }

    /// Cuts what the kernel tracks of connections from and to these addresses: an endpoint's, when it goes.
    ///
    /// # Errors
    ///
    /// Where the kernel has no connection tracking to be spoken to.
    pub async fn forget(&self, addresses: HashSet<IpAddr>) -> Result<(), FirewallError> {
        self.netfilter.run(move |channel| Ok(conntrack::forget(channel, &addresses)?)).await
    }

    /// Takes everything of ours out of the firewall.
    ///
    /// # Errors
    ///
    /// Where a command fails.
    pub async fn remove_all(&self) -> Result<(), FirewallError> {
        self.replace(&[]).await?;
        self.tables.remove().await
    }

    /// What its objects are called.
    pub(crate) fn config(&self) -> &FirewallConfig {
        &self.config
    }

    /// Tells when somebody else changed what our rules stand on. Wants a tokio runtime.
    ///
    /// # Errors
    ///
    /// Where the kernel gives no socket.
    pub fn watch(&self) -> Result<FirewallWatch, FirewallError> {
        FirewallWatch::open(self.config.table.clone(), Arc::clone(&self.own))
    }
}

fn all(rules: &[Rule]) -> Vec<Element> {
    rules.iter().flat_map(elements).collect()
}

/// Whether something beside our tables hangs on such rules.
fn is_settled_for(rule: &Rule) -> bool {
    matches!(&rule.effect, Effect::Forward { .. } | Effect::Publish { translate: false, .. })
}

/// As in the head of an IP packet.
fn protocol_number(protocol: Protocol) -> u8 {
    match protocol {
        Protocol::Tcp => 6,
        Protocol::Udp => 17,
        Protocol::Sctp => 132,
    }
}
