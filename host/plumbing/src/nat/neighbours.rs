//! The few rules that let forwarding live beside Docker's iptables.
//!
//! Docker sets the policy of `FORWARD` to DROP, and an accept in our table does not overrule that. So where a `FORWARD`
//! chain is there already (none is ever made, and no policy set), static rules about host ports as such stand at its
//! end, behind everything Docker has to say about its own bridges:
//!
//! 1. What comes from us goes through Docker's list of its bridges, where there is one: without it, Docker 20.10 would
//!    let us reach ports that are not published. Docker puts its own rules in front of ours whenever it starts.
//!    For IPv6, 20.10 mostly has no such list, nor any rule: its bridges then stand in a set of our own table.
//! 2. What comes from us may leave. What may really is decided in our own table.
//! 3. Answers, and what a published port translated, may enter; with routed ports, everything may that our table lets.

use std::collections::HashSet;

use futures_util::future::{join_all, try_join_all};

use super::FirewallError;
use super::command::Commands;
use super::element::Element;
use super::tools::Tools;

/// Docker's chain of drops towards each of its bridges.
pub(super) const ISOLATION: &str = "DOCKER-ISOLATION-STAGE-2";
/// Our set of its bridges that it does not guard itself.
pub(super) const UNGUARDED: &str = "unguarded6";

/// What rules are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Something is forwarded.
    pub(super) forward: bool,
    /// Something is opened without translation.
    pub(super) routed: bool,
}

/// What was seen of one iptables.
struct Seen {
    /// Our rules in its `FORWARD` chain.
    ours: Vec<String>,
    /// Whether Docker's list of its bridges is there.
    isolation: bool,
    /// Docker's bridges, by that list.
    bridges: Vec<String>,
    /// Whether Docker has rules behind ours.
    overtaken: bool,
}

/// Everybody else's `FORWARD` chains. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Neighbours {
    commands: Commands,
    tools: Tools,
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

/// Docker's bridges that it guards for IPv4 only.
fn unguarded(wanted: Wanted, looks: &[(String, Seen)]) -> HashSet<Element> {
    let is_six = |tool: &str| tool.starts_with("ip6tables");
    if !wanted.forward || looks.iter().any(|(tool, seen)| is_six(tool) && seen.isolation) {
        return HashSet::new();
    }
    let four = looks.iter().filter(|(tool, _)| !is_six(tool));
    four.flat_map(|(_, seen)| &seen.bridges).map(|name| Element::link(UNGUARDED, name.clone())).collect()
}

/// The bridge that a rule of Docker's list is about.
fn bridge(rule: &str) -> Option<&str> {
    let bridge = rule.strip_prefix("-A ")?.strip_prefix(ISOLATION)?.strip_prefix(" -o ")?;
    bridge.strip_suffix(" -j DROP")
}

impl Neighbours {
    pub(super) fn new(commands: Commands, tools: Tools, mark: String, prefix: &str) -> Self {
        Self { commands, tools, mark, prefix: prefix.to_owned() }
    }

    /// Whether everything stands as it is wanted, and nothing more, in others' chains and among all our elements.
    pub(super) async fn is_settled(&self, wanted: Wanted, there: &[Element]) -> Result<bool, FirewallError> {
        let looks = self.looks().await?;
        let guarded = there.iter().filter(|element| element.set == UNGUARDED).cloned().collect::<HashSet<_>>();
        Ok(unguarded(wanted, &looks) == guarded && looks.iter().all(|(_, seen)| self.is_as_wanted(wanted, seen)))
    }

    /// Whether everything that is wanted stands there, with whatever else, where this is what our set of unguarded bridges has.
    pub(super) async fn provide(&self, wanted: Wanted) -> Result<Option<HashSet<Element>>, FirewallError> {
        let provides =
            |seen: &Seen| !seen.overtaken && self.rules(wanted, seen).iter().all(|rule| seen.ours.contains(rule));
        let looks = self.looks().await?;
        Ok(looks.iter().all(|(_, seen)| provides(seen)).then(|| unguarded(wanted, &looks)))
    }

    /// Puts rules, or takes them away; what our set of unguarded bridges has to have then.
    pub(super) async fn settle(&self, wanted: Wanted) -> Result<HashSet<Element>, FirewallError> {
        let looks = self.looks().await?;
        let other = looks.iter().filter(|(_, seen)| !self.is_as_wanted(wanted, seen));
        try_join_all(other.map(|(tool, seen)| self.put(tool, seen, wanted))).await?;
        Ok(unguarded(wanted, &looks))
    }

    async fn put(&self, tool: &str, seen: &Seen, wanted: Wanted) -> Result<(), FirewallError> {
        let leave = seen.ours.iter().map(|rule| format!("-D FORWARD {rule}\n"));
        let come = self.rules(wanted, seen).into_iter().map(|rule| format!("-A FORWARD {rule}\n"));
        let batch = format!("*filter\n{}COMMIT\n", leave.chain(come).collect::<String>());
        self.commands.run(&[&format!("{tool}-restore"), "--noflush", "-w", "5"], &batch).await.map(|_| ())
    }

    fn is_as_wanted(&self, wanted: Wanted, seen: &Seen) -> bool {
        !seen.overtaken && seen.ours == self.rules(wanted, seen)
    }

    fn rules(&self, wanted: Wanted, seen: &Seen) -> Vec<String> {
        rules(&self.mark, &self.prefix, wanted, seen.isolation)
    }

    /// What there is in each chain that can be read, by its command; all of them looked at side by side.
    async fn looks(&self) -> Result<Vec<(String, Seen)>, FirewallError> {
        let looks = self.tools.present().await?.into_iter().map(async |tool| {
            let seen = self.look(&tool).await?;
            Some((tool, seen))
        });
        Ok(join_all(looks).await.into_iter().flatten().collect())
    }

    /// What there is in the chain; none: `iptables` cannot read it, so it is not Docker's.
    async fn look(&self, tool: &str) -> Option<Seen> {
        let listed = match self.commands.run(&[tool, "-w", "5", "-S"], "").await {
            Ok(listed) => listed.replace('"', ""),
            Err(error) => {
                tracing::warn!(%error, "forwarding may be blocked by rules that iptables cannot read");
                return None;
            }
        };
        let comment = format!("--comment {} ", self.mark);
        let chain: Vec<&str> = listed.lines().filter_map(|line| line.strip_prefix("-A FORWARD ")).collect();
        let is_ours = |rule: &&&str| rule.contains(&comment);
        let mut behind = chain.iter().skip_while(|rule| !is_ours(rule));
        Some(Seen {
            ours: chain.iter().filter(is_ours).map(ToString::to_string).collect(),
            bridges: listed.lines().filter_map(bridge).map(str::to_owned).collect(),
            isolation: listed.lines().any(|line| line == format!("-N {ISOLATION}")),
            overtaken: behind.any(|rule| rule.contains("-j DOCKER") && !is_ours(&rule)),
        })
    }
}
