//! The few rules that let forwarding live beside Docker's iptables.
//!
//! Docker sets the policy of `FORWARD` to DROP, and an accept in our table does not overrule that. So where a `FORWARD`
//! chain is there already (none is ever made, and no policy set), static rules about host ports as such stand at its
//! end, behind everything Docker has to say about its own bridges:
//!
//! 1. What comes from us goes through Docker's list of its bridges, where there is one: without it, Docker 20.10 would
//!    let us reach ports that are not published. Docker puts its own rules in front of ours whenever it starts.
//! 2. What comes from us may leave. What may really is decided in our own table.
//! 3. Answers, and what a published port translated, may enter; with routed ports, everything may that our table lets.

use std::fs;

use super::FirewallError;
use super::command::Commands;

/// Docker's chain of drops towards each of its bridges.
const ISOLATION: &str = "DOCKER-ISOLATION-STAGE-2";

/// What rules are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Something is forwarded.
    pub(super) forward: bool,
    /// Something is opened without translation.
    pub(super) routed: bool,
}

/// One iptables: a protocol family in one of the two implementations.
#[derive(Clone, Debug)]
struct Tool {
    command: String,
}

/// Everybody else's `FORWARD` chains. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Neighbours {
    commands: Commands,
    /// What our rules' comments say.
    mark: String,
    /// What our links' names begin with.
    prefix: String,
}

/// The commands that put our rules into a chain that has Docker's.
pub(super) fn shell(mark: &str, prefix: &str, wanted: Wanted) -> Vec<String> {
    rules(mark, prefix, wanted, true).iter().map(|rule| format!("iptables -A FORWARD {rule}")).collect()
}

/// Our rules, as iptables prints them.
fn rules(mark: &str, prefix: &str, wanted: Wanted, isolation: bool) -> Vec<String> {
    let (ports, comment) = (format!("{prefix}h+"), format!("-m comment --comment {mark}"));
    let mut rules = Vec::new();
    if wanted.forward && isolation {
        rules.push(format!("-i {ports} {comment} -j {ISOLATION}"));
    }
    if wanted.forward {
        rules.push(format!("-i {ports} {comment} -j ACCEPT"));
        let answers = "-m conntrack --ctstate RELATED,ESTABLISHED,DNAT";
        rules.push(format!("-o {ports} {answers} {comment} -j ACCEPT"));
    }
    if wanted.routed {
        rules.push(format!("-o {ports} {comment} -j ACCEPT"));
    }
    rules
}

impl Neighbours {
    pub(super) fn new(commands: Commands, mark: String, prefix: &str) -> Self {
        Self { commands, mark, prefix: prefix.to_owned() }
    }

    /// Whether everything stands as it is wanted.
    pub(super) async fn is_settled(&self, wanted: Wanted) -> Result<bool, FirewallError> {
        for tool in self.tools().await {
            if self.batch(&tool, wanted).await.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Puts rules, or takes them away.
    pub(super) async fn settle(&self, wanted: Wanted) -> Result<(), FirewallError> {
        for tool in self.tools().await {
            if let Some(batch) = self.batch(&tool, wanted).await {
                self.commands.run(&[&format!("{}-restore", tool.command), "--noflush", "-w", "5"], &batch).await?;
            }
        }
        Ok(())
    }

    /// What has to be changed; none: nothing.
    async fn batch(&self, tool: &Tool, wanted: Wanted) -> Option<String> {
        let listed = match self.commands.run(&[&tool.command, "-w", "5", "-S"], "").await {
            Ok(listed) => listed,
            Err(error) => {
                // A chain that iptables itself cannot read is not Docker's.
                tracing::warn!(%error, "forwarding may be blocked by rules that iptables cannot read");
                return None;
            }
        };
        let isolation = listed.lines().any(|line| line == format!("-N {ISOLATION}"));
        let chain: Vec<&str> = listed.lines().filter_map(|line| line.strip_prefix("-A FORWARD ")).collect();
        let comment = format!("--comment {} ", self.mark);
        let ours = |rule: &&str| rule.replace('"', "").contains(&comment);
        let wanted = rules(&self.mark, &self.prefix, wanted, isolation);
        let there: Vec<&str> = chain.iter().copied().filter(ours).collect();
        let behind = chain.iter().skip_while(|rule| !ours(rule));
        let overtaken = behind.into_iter().any(|rule| rule.contains("-j DOCKER") && !ours(rule));
        if !overtaken && there.iter().map(|rule| rule.replace('"', "")).eq(wanted.iter().cloned()) {
            return None;
        }
        let leave = there.iter().map(|rule| format!("-D FORWARD {rule}\n"));
        let come = wanted.iter().map(|rule| format!("-A FORWARD {rule}\n"));
        Some(format!("*filter\n{}COMMIT\n", leave.chain(come).collect::<String>()))
    }

    /// The iptables that have a `FORWARD` chain in the kernel now. Asking them would make one, or load a module.
    async fn tools(&self) -> Vec<Tool> {
        let mut tools = Vec::new();
        for (family, command, file) in [("ip", "iptables", "ip_tables_names"), ("ip6", "ip6tables", "ip6_tables_names")]
        {
            let names = fs::read_to_string(format!("/proc/thread-self/net/{file}")).unwrap_or_default();
            if names.lines().any(|name| name == "filter") {
                tools.extend(self.tool(command, "legacy").await);
            }
            if self.commands.run(&["nft", "list", "chain", family, "filter", "FORWARD"], "").await.is_ok() {
                tools.extend(self.tool(command, "nft").await);
            }
        }
        tools
    }

    /// The command for one implementation, which may be the default or have a name of its own.
    async fn tool(&self, command: &str, implementation: &str) -> Option<Tool> {
        let named = format!("{command}-{implementation}");
        if self.commands.find(&named).is_some() {
            return Some(Tool { command: named });
        }
        let said = if implementation == "nft" { "nf_tables" } else { "legacy" };
        let version = self.commands.run(&[command, "--version"], "").await.unwrap_or_default();
        if version.contains(said) || implementation == "legacy" && version.starts_with("iptables v1.6") {
            return Some(Tool { command: command.to_owned() });
        }
        tracing::warn!(command = named, "not installed: forwarding may be blocked by rules that it could change");
        None
    }
}
