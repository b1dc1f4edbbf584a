//! nftables, and what else filters forwarded packets.

use std::path::Path;

use super::finding::{Finding, State};
use super::tool::{NoAnswer, ask};

/// The tables that iptables-legacy has loaded.
const LEGACY: [(&str, &str, &str); 2] = [
    ("/proc/net/ip_tables_names", "iptables-legacy", "IPv4"),
    ("/proc/net/ip6_tables_names", "ip6tables-legacy", "IPv6"),
];

pub(super) async fn look() -> Vec<Finding> {
    let nft = nftables(ask("nft", &["--version"]).await, ask("nft", &["list", "tables"]).await);
    if nft.state == State::Bad {
        return vec![nft];
    }
    let mut findings = vec![nft];
    for (family, name) in [("ip", "IPv4"), ("ip6", "IPv6")] {
        let chain = ask("nft", &["list", "chain", family, "filter", "FORWARD"]).await.unwrap_or_default();
        let for_docker = ask("nft", &["list", "chain", family, "filter", "DOCKER-USER"]).await.is_ok();
        findings.push(forward(name, &chain, for_docker));
    }
    for (loaded, program, name) in LEGACY {
        if std::fs::read_to_string(loaded).is_ok_and(|tables| tables.lines().any(|table| table == "filter")) {
            let rules = ask(program, &["-S", "FORWARD"]).await.unwrap_or_default();
            findings.extend(legacy(name, &rules));
        }
    }
    if Path::new("/run/firewalld").exists() {
        let what = "firewalld runs: a reload of it removes rules, which the driver sees and mends";
        findings.push(Finding::doubtful("firewall", what));
    }
    findings
}

fn nftables(version: Result<String, NoAnswer>, tables: Result<String, NoAnswer>) -> Finding {
    const SUBJECT: &str = "nftables";
    match (version, tables) {
        (Err(NoAnswer::Missing), _) => Finding::bad(SUBJECT, "nft is not installed").advise("apt-get install nftables"),
        (Ok(version), Ok(_)) => Finding::good(SUBJECT, version.trim()),
        (Err(NoAnswer::Failed(error)), _) | (Ok(_), Err(NoAnswer::Failed(error))) => {
            Finding::bad(SUBJECT, format!("nft does not work: {error}")).advise("modprobe nf_tables")
        }
        (Ok(_), Err(NoAnswer::Missing)) => Finding::bad(SUBJECT, "nft went away while it was looked at"),
    }
}

/// What iptables' own chain does to packets that nobody decides about. Docker sets it to DROP; the driver's rules then
/// stand in the chain that Docker leaves to others.
fn forward(family: &str, chain: &str, for_docker: bool) -> Finding {
    const SUBJECT: &str = "forward";
    let dropped = chain.contains("policy drop");
    match (dropped, for_docker) {
        (false, _) => Finding::good(SUBJECT, format!("{family}: nothing is dropped by default")),
        (true, true) => {
            Finding::good(SUBJECT, format!("{family}: dropped by default, with Docker's chain for exceptions"))
        }
        (true, false) => Finding::doubtful(
            SUBJECT,
            format!("{family}: dropped by default, and there is no chain DOCKER-USER for exceptions"),
        )
        .advise("start Docker, which makes the chain, or let the FORWARD chain accept what comes from ovh*"),
    }
}

/// Rules of iptables-legacy stand beside those of nftables, where the driver's are, and cannot be seen from there.
fn legacy(family: &str, rules: &str) -> Option<Finding> {
    rules.lines().any(|rule| rule.trim() == "-P FORWARD DROP").then(|| {
        let what = format!("{family}: iptables-legacy drops forwarded packets by default");
        Finding::bad("forward", what)
            .advise("update-alternatives --set iptables /usr/sbin/iptables-nft, and restart Docker")
    })
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
    fn a_policy_of_drop_needs_dockers_chain() {
        let chain = "chain FORWARD {\n type filter hook forward priority filter; policy drop;\n}";
        assert_eq!(forward("IPv4", chain, true).state, State::Good);
        assert_eq!(forward("IPv4", chain, false).state, State::Doubtful);
        assert_eq!(forward("IPv4", "", false).state, State::Good);
    }

    #[test]
    fn rules_of_the_other_iptables_are_seen() {
        assert!(legacy("IPv4", "-P FORWARD ACCEPT\n").is_none());
        assert_eq!(legacy("IPv4", "-P FORWARD DROP\n-A FORWARD -j DOCKER\n").unwrap().state, State::Bad);
    }
}
