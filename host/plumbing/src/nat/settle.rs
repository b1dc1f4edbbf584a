//! What depends on all rules together: the kernel's forwarding switches, and the rules in other firewalls' chains. And
//! what follows a change: connections that must not go on as they were.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;

use ipnet::IpNet;

use super::listing::Listing;
use super::neighbours::Wanted;
use super::{Effect, Firewall, FirewallError, Rule, conntrack, forwarding};
use crate::link::{LinkError, is_link_local};

impl Wanted {
    /// By what stands in our tables.
    pub(super) fn of(there: &Listing) -> Self {
        let routed = there.is_used("opened4") || there.is_used("opened6");
        Self { forward: there.is_used("gateways"), routed }
    }
}

impl Firewall {
    /// Gives rules that came what they need around our tables.
    pub(super) async fn provide(&self, came: &[Rule]) -> Result<(), FirewallError> {
        let port = |rule: &Rule| match &rule.effect {
            Effect::Forward { port, .. } => Some(port.to_string()),
            _ => None,
        };
        let ports: Vec<String> = came.iter().filter_map(port).collect();
        let routed = came.iter().any(|rule| matches!(rule.effect, Effect::Publish { translate: false, .. }));
        let wanted = Wanted { forward: !ports.is_empty(), routed };
        if !wanted.forward && !wanted.routed {
            return Ok(());
        }
        let _one_at_a_time = self.settling.lock().await;
        if wanted.forward {
            let turn = forwarding::on(&ports, &self.config.prefix).map_err(FirewallError::Forwarding)?;
            self.turn(&turn).await?;
        }
        if self.neighbours.provide(wanted).await? {
            return Ok(());
        }
        self.neighbours.settle(Wanted::of(&self.tables.elements().await?)).await
    }

    /// Brings everything around our tables in line with them.
    pub(super) async fn settle(&self) -> Result<(), FirewallError> {
        let _one_at_a_time = self.settling.lock().await;
        let there = self.tables.elements().await?;
        let wanted = Wanted::of(&there);
        let turn = if wanted.forward {
            let ports = there.elements.iter().filter(|element| element.set == "gateways");
            let ports: Vec<String> = ports.map(|element| element.key[0].clone()).collect();
            forwarding::on(&ports, &self.config.prefix).map_err(FirewallError::Forwarding)?
        } else if there.is_used("closed4") || there.is_used("closed6") {
            forwarding::off(&there, &self.addressed().await?, &self.config.prefix)
        } else {
            forwarding::Turn::default()
        };
        self.turn(&turn).await?;
        self.neighbours.settle(wanted).await
    }

    async fn turn(&self, turn: &forwarding::Turn) -> Result<(), FirewallError> {
        self.tables.change(&turn.close, &[]).await?;
        turn.switch().map_err(FirewallError::Forwarding)?;
        self.tables.change(&[], &turn.open).await
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

fn unknown(error: LinkError) -> FirewallError {
    FirewallError::Netlink { operation: "list of addresses", source: io::Error::other(error) }
}
