//! Which iptables have something to say on this host: each protocol family can have rules in the old implementation
//! (`legacy`) and in the one on nftables (`nft`), and either can be what the plain command stands for.

use std::collections::HashMap;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};

use super::FirewallError;
use super::command::Commands;
use super::nfnetlink::{IPV4, IPV6, NF_TABLES, about};
use crate::netlink::{Channel, Failure, Pool, Request};

const GET_CHAIN: u16 = NF_TABLES | 4;
const NFTA_CHAIN_TABLE: u16 = 1;
const NFTA_CHAIN_NAME: u16 = 3;

/// A plain command and an implementation.
type Kind = (&'static str, &'static str);

/// The commands, found out as they are needed. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Tools {
    commands: Commands,
    netfilter: Pool,
    /// None: there is none, which was said.
    known: Arc<Mutex<HashMap<Kind, Option<String>>>>,
}

impl Tools {
    pub(super) fn new(commands: Commands, netfilter: Pool) -> Self {
        Self { commands, netfilter, known: Arc::default() }
    }

    /// The commands of the iptables that have a `FORWARD` chain in the kernel now. That is not asked of themselves: the
    /// old one would make the chain first.
    pub(super) async fn present(&self) -> Result<Vec<String>, FirewallError> {
        let mut present = Vec::new();
        let families = [("iptables", "ip_tables_names", IPV4), ("ip6tables", "ip6_tables_names", IPV6)];
        for (command, names, protocol) in families {
            let names = fs::read_to_string(format!("/proc/thread-self/net/{names}")).unwrap_or_default();
            if names.lines().any(|name| name == "filter") {
                present.extend(self.command((command, "legacy")).await);
            }
            if self.netfilter.run(move |channel| Ok::<_, FirewallError>(has_chain(channel, protocol)?)).await? {
                present.extend(self.command((command, "nft")).await);
            }
        }
        Ok(present)
    }

    async fn command(&self, kind: Kind) -> Option<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&kind).cloned();
        if let Some(found) = known {
            return found;
        }
        let found = self.find(kind).await;
        if found.is_none() {
            let (command, implementation) = kind;
            tracing::warn!("{command}-{implementation} is not installed, but has rules that may block forwarding");
        }
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(kind, found.clone());
        found
    }

    /// The command by its full name, or by the plain one where that stands for it.
    async fn find(&self, (command, implementation): Kind) -> Option<String> {
        let named = format!("{command}-{implementation}");
        if self.commands.find(&named).is_some() {
            return Some(named);
        }
        // `iptables v1.8.9 (nf_tables)`; before 1.8 there was only the old one, which did not say so.
        let version = self.commands.run(&[command, "--version"], "").await.ok()?;
        let is_nft = version.contains("nf_tables");
        (is_nft == (implementation == "nft")).then(|| command.to_owned())
    }
}

fn has_chain(channel: &mut Channel, protocol: u8) -> Result<bool, Failure> {
    let body = about(protocol).text(NFTA_CHAIN_TABLE, "filter").text(NFTA_CHAIN_NAME, "FORWARD");
    match channel.request(&Request { kind: GET_CHAIN, flags: 0, body }) {
        Ok(_) => Ok(true),
        Err(failure) if failure.is(libc::ENOENT) => Ok(false),
        Err(failure) => Err(failure),
    }
}
