//! Others' chains at the forward hook, those of iptables aside: what one of them drops or rejects no table of ours can
//! accept. firewalld's rejects whatever is in no zone that says otherwise; of the rest nobody can tell what their rules
//! come to, so they are named, unless they name our links.

use serde_json::Value;

use super::finding::Finding;
use super::tool::ask;

const SUBJECT: &str = "forward";
/// What our tables' names begin with.
const OURS: &str = "docker-ovs";
/// What our links' names begin with; hexadecimal digits follow.
const LINKS: &str = "ov";

/// A base chain.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chain {
    family: String,
    table: String,
    name: String,
    /// Whether it drops what none of its rules decides about.
    drops: bool,
}

pub(super) async fn look() -> Vec<Finding> {
    // That nft does not answer is told beside this.
    let listed = ask("nft", &["-j", "list", "chains"]).await.unwrap_or_default();
    let mut findings = Vec::new();
    for chain in chains(&listed) {
        let rules = ask("nft", &["-j", "list", "table", &chain.family, &chain.table]).await.unwrap_or_default();
        findings.extend(judge(&chain, &rules));
    }
    findings
}

/// The chains that forwarded packets pass, of those that nft lists.
fn chains(listed: &str) -> Vec<Chain> {
    let word = |chain: &Value, key: &str| chain[key].as_str().unwrap_or_default().to_owned();
    let filters = objects(listed, "chain").into_iter().filter(|chain| chain["hook"] == "forward");
    let chains = filters.map(|chain| Chain {
        family: word(&chain, "family"),
        table: word(&chain, "table"),
        name: word(&chain, "name"),
        drops: chain["policy"] == "drop",
    });
    let iptables = |chain: &Chain| chain.family.starts_with("ip") && chain.table == "filter" && chain.name == "FORWARD";
    let see_packets = |chain: &Chain| ["ip", "ip6", "inet"].contains(&chain.family.as_str());
    chains.filter(|chain| see_packets(chain) && !iptables(chain) && !chain.table.starts_with(OURS)).collect()
}

/// What becomes of packets that nobody decides about, from what nft lists of the chain's table.
fn judge(chain: &Chain, rules: &str) -> Option<Finding> {
    let Chain { family, table, name, drops } = chain;
    let rules = objects(rules, "rule");
    let last = rules.iter().rfind(|rule| rule["chain"] == **name);
    if !drops && !last.is_some_and(refuses_all) {
        return None;
    }
    let what = format!("nft: chain {name} of table {family} {table} refuses what no rule of its accepts");
    if rules.iter().any(names_us) {
        return Some(Finding::good(SUBJECT, format!("{what}; there are rules about our links")));
    }
    let advice = if table == "firewalld" {
        format!("firewall-cmd --permanent --zone=trusted --add-interface={LINKS}+; firewall-cmd --reload")
    } else {
        // What enters our links is closed in our own table, and a drop there is final.
        let rule = |end: &str| format!("nft insert rule {family} {table} {name} {end} '\"{LINKS}*\"' accept");
        format!("if containers do not get out: {}; {}", rule("iifname"), rule("oifname"))
    };
    Some(Finding::doubtful(SUBJECT, format!("{what}, and none is about our links ({LINKS}*h*)")).advise(advice))
}

/// Whether a rule drops or rejects whatever comes to it.
fn refuses_all(rule: &Value) -> bool {
    let has = |key: &str| rule["expr"].as_array().is_some_and(|expr| expr.iter().any(|it| it.get(key).is_some()));
    !has("match") && (has("drop") || has("reject"))
}

/// Whether a rule matches our links by name.
fn names_us(rule: &Value) -> bool {
    let matches = rule["expr"].as_array().into_iter().flatten().map(|expr| &expr["match"]);
    let of_links = matches.filter(|it| ["iifname", "oifname"].iter().any(|key| it["left"]["meta"]["key"] == **key));
    let ours = |value: &Value| value.as_str().is_some_and(is_our_link);
    of_links.map(|it| &it["right"]).any(|right| ours(right) || right["set"].as_array().into_iter().flatten().any(ours))
}

/// `ov*`, or the beginning of one driver's links.
fn is_our_link(name: &str) -> bool {
    let rest = name.strip_prefix(LINKS);
    rest.is_some_and(|rest| rest.starts_with(|next: char| next == '*' || next.is_ascii_hexdigit()))
}

/// The objects of a kind in what nft printed.
fn objects(json: &str, kind: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(json).unwrap_or_default();
    let all = document["nftables"].as_array().into_iter().flatten();
    all.filter_map(|object| object.get(kind).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    /// As nft 1.0.6 lists them.
    const CHAINS: &str = r#"{"nftables": [{"metainfo": {"version": "1.0.6"}},
        {"chain": {"family": "inet", "table": "firewalld", "name": "filter_FORWARD_POLICIES", "handle": 1}},
        {"chain": {"family": "inet", "table": "firewalld", "name": "filter_FORWARD", "handle": 2, "type": "filter",
            "hook": "forward", "prio": 10, "policy": "accept"}},
        {"chain": {"family": "inet", "table": "filter", "name": "forward", "handle": 1, "type": "filter",
            "hook": "forward", "prio": 0, "policy": "drop"}},
        {"chain": {"family": "ip", "table": "filter", "name": "FORWARD", "handle": 1, "type": "filter",
            "hook": "forward", "prio": 0, "policy": "drop"}},
        {"chain": {"family": "inet", "table": "docker-ovs-0a1b", "name": "forward", "handle": 1, "type": "filter",
            "hook": "forward", "prio": -5, "policy": "accept"}}]}"#;
    const ESTABLISHED: &str = r#"{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": "established"}}"#;

    fn rules(chain: &str, rules: &[String]) -> String {
        let rule = |expr: &String| format!(r#"{{"rule": {{"chain": "{chain}", "expr": [{expr}]}}}}"#);
        format!(r#"{{"nftables": [{}]}}"#, rules.iter().map(rule).collect::<Vec<_>>().join(","))
    }

    fn from(link: &str) -> String {
        format!(
            r#"{{"match": {{"op": "==", "left": {{"meta": {{"key": "iifname"}}}}, "right": {link}}}}}, {{"accept": null}}"#
        )
    }

    #[test]
    fn a_firewalld_that_rejects_is_told_what_to_trust() {
        let [firewalld, _] = &chains(CHAINS)[..] else { panic!("two of others: {:?}", chains(CHAINS)) };
        let established = format!(r#"{ESTABLISHED}, {{"accept": null}}"#);
        let invalid = format!(r#"{ESTABLISHED}, {{"drop": null}}"#);
        let reject = r#"{"counter": {"packets": 0}}, {"reject": {"type": "icmpx"}}"#.to_owned();
        let listed = rules("filter_FORWARD", &[established.clone(), invalid, reject.clone()]);
        let finding = judge(firewalld, &listed).unwrap();
        assert_eq!(finding.state, State::Doubtful);
        assert!(finding.what.contains("filter_FORWARD of table inet firewalld"), "{finding}");
        assert!(finding.advice.unwrap().contains("--zone=trusted --add-interface=ov+"));
        let trusted = rules("filter_FORWARD", &[from(r#""ov*""#), reject]);
        assert_eq!(judge(firewalld, &trusted).unwrap().state, State::Good);
        assert_eq!(judge(firewalld, &rules("filter_FORWARD", &[established])), None, "it refuses nothing");
    }

    #[test]
    fn a_policy_of_drop_is_named_with_the_rules_it_wants() {
        let [_, filter] = &chains(CHAINS)[..] else { panic!("two of others: {:?}", chains(CHAINS)) };
        for others in [r#""eth0""#, r#"{"set": ["eth7", "ovpn0"]}"#] {
            let finding = judge(filter, &rules("forward", &[from(others)])).unwrap();
            assert_eq!(finding.state, State::Doubtful, "{others}");
            assert!(finding.advice.unwrap().contains(r#"nft insert rule inet filter forward iifname '"ov*"' accept"#));
        }
        for ours in [r#""ov0a1bh7""#, r#"{"set": ["eth7", "ov*"]}"#] {
            assert_eq!(judge(filter, &rules("forward", &[from(ours)])).unwrap().state, State::Good, "{ours}");
        }
    }

    #[test]
    fn nothing_is_found_in_nonsense() {
        assert!(["", "[]", r#"{"nftables": [7, {"chain": null}]}"#].iter().all(|json| chains(json).is_empty()));
    }
}
