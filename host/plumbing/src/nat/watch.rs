//! Tells when somebody else changed the firewall, by the kernel's own notifications of nftables. Rules of the old
//! iptables (`iptables-legacy`) change silently: those are looked at on the driver's timer.

use std::sync::Arc;
use std::time::Duration;

use netlink_sys::protocols::NETLINK_NETFILTER;
use tokio::time::{sleep, timeout};

use super::FirewallError;
use super::neighbours::ISOLATION;
use super::nfnetlink::{ARP, HEAD, INET, NF_TABLES};
use super::own::Own;
use crate::netlink::{Message, Subscription, attribute, text};

/// Multicast group `NFNLGRP_NFTABLES`.
const GROUP: u32 = 7;
const NEW_CHAIN: u16 = 3;
const DELETE_CHAIN: u16 = 5;
const NEW_RULE: u16 = 6;
const DELETE_RULE: u16 = 8;
const NEW_GENERATION: u16 = 15;
const TABLE: u16 = 1;
const CHAIN_NAME: u16 = 3;
const RULE_CHAIN: u16 = 2;
/// A reload is many transactions.
const QUIET: Duration = Duration::from_millis(50);
/// Somebody who changes things all the time must not keep us from looking.
const LONGEST: Duration = Duration::from_secs(1);

/// Changes by others, many at once told as one.
#[derive(Debug)]
pub struct FirewallWatch {
    subscription: Subscription,
    table: String,
    own: Arc<Own>,
    /// Whether the transaction that is being told concerns us.
    concerns: bool,
}

impl FirewallWatch {
    pub(super) fn open(table: String, own: Arc<Own>) -> Result<Self, FirewallError> {
        let subscription = Subscription::open(NETLINK_NETFILTER, GROUP)
            .map_err(|source| FirewallError::Netlink { operation: "subscription to nftables", source })?;
        Ok(Self { subscription, table, own, concerns: false })
    }

    /// Waits until somebody else changed something that our rules stand on (`nft flush ruleset`, a firewall's reload,
    /// a start of dockerd), and then until it has been quiet for a moment.
    pub async fn changed(&mut self) {
        while !self.happened().await {}
        let settle = async { while timeout(QUIET, self.happened()).await.is_ok() {} };
        let _ = timeout(LONGEST, settle).await;
    }

    /// The next messages: whether they end a transaction of others that concerns us, or are lost.
    async fn happened(&mut self) -> bool {
        match self.subscription.next().await {
            Ok(Some(messages)) => messages.iter().filter(|message| self.ends(message)).count() > 0,
            Ok(None) => true,
            Err(error) => {
                tracing::warn!(%error, "changes of the firewall are not told");
                sleep(LONGEST).await;
                true
            }
        }
    }

    /// A transaction's objects are told one by one, then the generation it made. Who made it is told by the socket: the
    /// process in the message itself is numbered as in the first PID namespace, which a driver in a container is not in.
    fn ends(&mut self, message: &Message) -> bool {
        if message.kind != NF_TABLES | NEW_GENERATION {
            self.concerns |= self.is_about_us(message);
            return false;
        }
        std::mem::take(&mut self.concerns) && !self.own.knows(message.port)
    }

    /// Our tables, the chain `FORWARD` that iptables keeps, and Docker's list of its bridges.
    fn is_about_us(&self, message: &Message) -> bool {
        let (Some(family), Some(rest)) = (message.body.first(), message.body.get(HEAD..)) else { return false };
        let name = |kind| attribute(rest, kind).map(text).unwrap_or_default();
        match (*family, name(TABLE).as_str()) {
            (INET | ARP, table) => table == self.table,
            (_, "filter") => match message.kind & 0xff {
                NEW_RULE | DELETE_RULE => ["FORWARD", ISOLATION].contains(&name(RULE_CHAIN).as_str()),
                NEW_CHAIN | DELETE_CHAIN => name(CHAIN_NAME).starts_with("DOCKER") || name(CHAIN_NAME) == "FORWARD",
                _ => false,
            },
            _ => false,
        }
    }
}
