//! nftables, and what else filters forwarded packets: Docker's chain drops by default, and the driver's exceptions
//! stand at its end, put there with the iptables that the chain belongs to.

use std::path::Path;

use super::finding::{Finding, State};
use super::tool::{NoAnswer, ask};

/// A `FORWARD` chain of one of the two implementations, for one protocol family.
#[derive(Clone, Copy, Debug)]
struct Chain {
    /// `ip` or `ip6`, as nftables calls the family.
    family: &'static str,
    /// The command for it.
    tool: &'static str,
    /// Where the kernel says whether the older implementation has tables; none: it is the newer one.
    legacy: Option<&'static str>,
}

const CHAINS: [Chain; 4] = [
    Chain { family: "ip", tool: "iptables-nft", legacy: None },
    Chain { family: "ip6", tool: "ip6tables-nft", legacy: None },
    Chain { family: "ip", tool: "iptables-legacy", legacy: Some("/proc/self/net/ip_tables_names") },
    Chain { family: "ip6", tool: "ip6tables-legacy", legacy: Some("/proc/self/net/ip6_tables_names") },
];

pub(super) async fn look() -> Vec<Finding> {
    let nft = nftables(ask("nft", &["--version"]).await, ask("nft", &["list", "tables"]).await);
    if nft.state == State::Bad {
        return vec![nft];
    }
    let mut findings = vec![nft];
    for chain in CHAINS {
        if chain.is_there().await {
            findings.push(judge(chain, chain.rules().await));
        }
    }
    if Path::new("/run/firewalld").exists() {
        let what = "firewalld runs: a reload of it removes rules, which the driver sees and mends";
        findings.push(Finding::good("firewall", what));
    }
    findings
}

impl Chain {
    /// Whether the kernel has it. To ask iptables would make it.
    async fn is_there(self) -> bool {
        match self.legacy {
            None => ask("nft", &["list", "chain", self.family, "filter", "FORWARD"]).await.is_ok(),
            Some(file) => std::fs::read_to_string(file).is_ok_and(|names| names.lines().any(|name| name == "filter")),
        }
    }

    /// What its command lists; where the command is not called by its whole name, the common one may be it.
    async fn rules(self) -> Result<String, NoAnswer> {
        let rules = ask(self.tool, &["-S", "FORWARD"]).await;
        let (common, said) = match self.tool.split_once('-') {
            Some((common, "legacy")) => (common, "legacy"),
            Some((common, _)) => (common, "nf_tables"),
            None => return rules,
        };
        match rules {
            Err(NoAnswer::Missing) if ask(common, &["--version"]).await?.contains(said) => {
                ask(common, &["-S", "FORWARD"]).await
            }
            rules => rules,
        }
    }
}

fn nftables(version: Result<String, NoAnswer>, tables: Result<String, NoAnswer>) -> Finding {
    const SUBJECT: &str = "nftables";
    match (version, tables) {
        (Err(NoAnswer::Missing), _) | (_, Err(NoAnswer::Missing)) => {
            Finding::bad(SUBJECT, "nft is not installed").advise("apt-get install nftables")
        }
        (Err(NoAnswer::Failed(error)), _) | (Ok(_), Err(NoAnswer::Failed(error))) => {
            Finding::bad(SUBJECT, format!("nft does not work: {error}")).advise("modprobe nf_tables")
        }
        (Ok(version), Ok(_)) => Finding::good(SUBJECT, version.trim()),
    }
}

/// What becomes of packets that nobody decides about, from what the chain's command lists.
fn judge(chain: Chain, rules: Result<String, NoAnswer>) -> Finding {
    const SUBJECT: &str = "forward";
    let tool = chain.tool;
    if let Some(wall) = rules.as_deref().ok().and_then(wall) {
        let what =
            format!("{tool}: \"{wall}\" refuses everything, also what the driver's exceptions behind it are for");
        let instead = format!("{tool} {}; {tool} -P FORWARD DROP", wall.replacen("-A", "-D", 1));
        return Finding::bad(SUBJECT, what).advise(format!("let the policy do that: {instead}"));
    }
    match rules {
        Ok(rules) if rules.lines().any(|rule| rule.trim() == "-P FORWARD DROP") => {
            Finding::good(SUBJECT, format!("{tool}: dropped by default; the driver's exceptions stand at the end"))
        }
        Ok(_) => Finding::good(SUBJECT, format!("{tool}: nothing is dropped by default")),
        Err(NoAnswer::Missing) => Finding::bad(
            SUBJECT,
            format!("there is a FORWARD chain, but not {tool}, with which the driver makes its exceptions"),
        )
        .advise("apt-get install iptables"),
        Err(NoAnswer::Failed(error)) => {
            Finding::doubtful(SUBJECT, format!("{tool} cannot read the FORWARD chain: {error}"))
                .advise("make sure that it accepts what comes from networks (links ov*h*) and the answers to it")
        }
    }
}

/// A rule in front of the driver's that lets nothing come to them.
fn wall(rules: &str) -> Option<&str> {
    let mut in_front = rules.lines().map(str::trim).take_while(|rule| !rule.contains("docker-ovs"));
    let refuses_all =
        |rule: &str| matches!(rule.split(' ').collect::<Vec<_>>()[..], ["-A", "FORWARD", "-j", "DROP" | "REJECT", ..]);
    in_front.find(|rule| refuses_all(rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_nft_is_told_from_one_that_fails() {
        let works = || Ok("nftables v1.0.6".to_owned());
        assert_eq!(nftables(works(), works()).state, State::Good);
        let missing = nftables(Err(NoAnswer::Missing), Err(NoAnswer::Missing));
        assert_eq!((missing.state, missing.advice.as_deref()), (State::Bad, Some("apt-get install nftables")));
        let failed = nftables(works(), Err(NoAnswer::Failed("Operation not supported".into())));
        assert!(failed.state == State::Bad && failed.what.contains("Operation not supported"));
    }

    #[test]
    fn a_chain_needs_its_command() {
        let drops = judge(CHAINS[0], Ok("-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n".into()));
        assert!(drops.state == State::Good && drops.what.contains("dropped by default"), "{drops:?}");
        let accepts = judge(CHAINS[0], Ok("-P FORWARD ACCEPT\n".into()));
        assert!(accepts.what.contains("nothing is dropped"), "{accepts:?}");
        let missing = judge(CHAINS[3], Err(NoAnswer::Missing));
        assert!(missing.state == State::Bad && missing.what.contains("ip6tables-legacy"), "{missing:?}");
        assert_eq!(judge(CHAINS[0], Err(NoAnswer::Failed("incompatible".into()))).state, State::Doubtful);
    }
    #[test]
    fn a_rule_that_refuses_all_in_front_of_ours_is_named() {
        let reject = "-A FORWARD -j REJECT --reject-with icmp-host-prohibited\n";
        let ours = "-A FORWARD -i ov0a1bh+ -m comment --comment docker-ovs-0a1b -j ACCEPT\n";
        let found = judge(CHAINS[2], Ok(format!("-P FORWARD ACCEPT\n{reject}{ours}")));
        let instead = format!("iptables-legacy {}; iptables-legacy -P FORWARD DROP", reject.trim().replace("-A", "-D"));
        assert!(found.state == State::Bad && found.advice.as_ref().unwrap().ends_with(&instead), "{found}");
        for harmless in [format!("{ours}{reject}"), "-A FORWARD -i eth7 -j DROP\n-A FORWARD -j DROPS\n".to_owned()] {
            assert_eq!(judge(CHAINS[2], Ok(harmless)).state, State::Good);
        }
    }
}
