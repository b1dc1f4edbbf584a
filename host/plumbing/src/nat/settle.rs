//! What depends on all rules together: the kernel's forwarding switches, and the rules in other firewalls' chains. And
//! what follows a change: connections that must not go on as they were.

use std::collections::{HashMap, HashSet};
use std::io;
use std::net::IpAddr;

use ipnet::IpNet;

use super::element::Element;
use super::forwarding::Turn;
use super::neighbours::Wanted;
use super::standing::Standing;
use super::{Effect, Firewall, FirewallError, Rule, all, conntrack, forwarding, is_settled_for};
use crate::link::{LinkError, is_link_local};

impl Wanted {
    /// By what stands in our tables.
    pub(super) fn of(there: &[Element]) -> Self {
        let is_used = |set| there.iter().any(|element| element.set == set);
        Self { forward: is_used("gateways"), routed: is_used("opened4") || is_used("opened6") }
    }
}

impl Firewall {
    /// Adds and removes rules that things around our tables hang on, and changes those things with them.
    pub(super) async fn change_around(&self, add: &[Rule], remove: &[Rule]) -> Result<(), FirewallError> {
        let _one_at_a_time = self.settling.lock().await;
        if remove.iter().any(is_settled_for) {
            self.tables.change(&all(add), &all(remove)).await?;
            return self.settle_after(add, remove).await;
        }
        let wanted = wanted(add);
        let ipv6 = add.iter().any(|rule| matches!(rule.effect, Effect::Forward { ipv6: true, .. }));
        let turn = if wanted.forward { self.turn_on(ipv6)? } else { Turn::default() };
        let (come, leave) = ([all(add), turn.close.clone()].concat(), all(remove));
        // Mostly what is around stands already: that is looked at meanwhile.
        let (changed, provided) = tokio::join!(self.tables.change(&come, &leave), self.neighbours.provide(wanted));
        changed?;
        self.closed.with(&turn.close);
        turn.switch().map_err(FirewallError::Forwarding)?;
        let standing = self.standing().await?;
        let guarded = |unguarded: HashSet<Element>| !wanted.forward || unguarded == standing.unguarded;
        if provided?.is_some_and(guarded) { Ok(()) } else { self.settle_neighbours(&standing).await }
    }

    /// Settles what hung on rules that went. Where others need the same, nothing does.
    async fn settle_after(&self, add: &[Rule], remove: &[Rule]) -> Result<(), FirewallError> {
        let (standing, went) = (self.standing().await?, wanted(remove));
        let still = standing.wanted();
        let nothing_new = !add.iter().any(is_settled_for);
        if nothing_new && (still.forward || !went.forward) && (still.routed || !went.routed) {
            return Ok(());
        }
        self.settle_to(&standing).await
    }

    /// Brings everything around our tables in line with them.
    pub(super) async fn settle(&self) -> Result<(), FirewallError> {
        let _one_at_a_time = self.settling.lock().await;
        self.settle_to(&self.standing().await?).await
    }

    async fn settle_to(&self, standing: &Standing) -> Result<(), FirewallError> {
        let wanted = standing.wanted();
        let closed = self.closed.with(&standing.closed);
        let turn = if wanted.forward {
            self.turn_on(standing.gateways.iter().any(|port| forwarding::speaks(port)))?
        } else if closed.is_empty() {
            Turn::default()
        } else {
            forwarding::off(&closed, &self.addressed().await?, &self.config.prefix)
        };
        self.tables.change(&turn.close, &[]).await?;
        self.closed.with(&turn.close);
        turn.switch().map_err(FirewallError::Forwarding)?;
        self.tables.change(&[], &turn.open).await?;
        self.closed.forget(&turn.open);
        self.settle_neighbours(standing).await
    }

    /// Puts what is wanted beside our tables, and into them what nobody else guards.
    async fn settle_neighbours(&self, standing: &Standing) -> Result<(), FirewallError> {
        let unguarded = self.neighbours.settle(standing.wanted()).await?;
        let come: Vec<Element> = unguarded.difference(&standing.unguarded).cloned().collect();
        let leave: Vec<Element> = standing.unguarded.difference(&unguarded).cloned().collect();
        self.tables.change(&come, &leave).await
    }

    fn turn_on(&self, ipv6: bool) -> Result<Turn, FirewallError> {
        forwarding::on(ipv6, &self.config.prefix).map_err(FirewallError::Forwarding)
    }

    /// Cuts connections over ports that went, and flows that have to find a port that came.
    pub(super) async fn cut(&self, came: &[Rule], went: &[Rule]) -> Result<(), FirewallError> {
        let published = |rules: &[Rule]| -> Vec<Rule> {
            rules.iter().filter(|rule| matches!(rule.effect, Effect::Publish { .. })).cloned().collect()
        };
        let (came, went) = (published(came), published(went));
        if came.is_empty() && went.is_empty() {
            return Ok(());
        }
        let local = if came.is_empty() { Vec::new() } else { self.addresses().await? };
        let local: Vec<_> = local.into_iter().map(|(_, net)| net.addr()).collect();
        let work = move |channel: &mut _| {
            conntrack::unpublish(channel, &went)?;
            Ok(conntrack::publish(channel, &came, &local)?)
        };
        self.netfilter.run(work).await
    }

    /// The host's addresses, with the names of the links that have them, but link-local ones.
    async fn addressed(&self) -> Result<Vec<(String, IpAddr)>, FirewallError> {
        let links = self.links.list().await.map_err(unknown)?;
        let names: HashMap<u32, String> = links.into_iter().map(|link| (link.index, link.name)).collect();
        let addresses = self.addresses().await?.into_iter();
        let named = addresses.filter_map(|(index, net)| Some((names.get(&index)?.clone(), net.addr())));
        Ok(named.filter(|(_, address)| !is_link_local(*address)).collect())
    }

    async fn addresses(&self) -> Result<Vec<(u32, IpNet)>, FirewallError> {
        self.links.addresses().await.map_err(unknown)
    }
}

/// What rules want of others' chains.
fn wanted(rules: &[Rule]) -> Wanted {
    let forward = rules.iter().any(|rule| matches!(rule.effect, Effect::Forward { .. }));
    let routed = rules.iter().any(|rule| matches!(rule.effect, Effect::Publish { translate: false, .. }));
    Wanted { forward, routed }
}

fn unknown(error: LinkError) -> FirewallError {
    FirewallError::Netlink { operation: "list of addresses", source: io::Error::other(error) }
}
