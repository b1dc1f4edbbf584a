//! What there is on a host that a driver could leave behind, for a comparison of before and after.

use crate::node::Node;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One section a title line `== name`, then its lines in an order that does not depend on history.
const LOOK: &str = r#"
section() { echo "== $1"; }
section links; ip -o link | sed -E 's/^[0-9]+: ([^:@]+).* mtu ([0-9]+).*/\1 mtu \2/' | sort
section addresses; ip -o address | awk '{ print $2, $3, $4 }' | grep -v ' fe80::' | sort
section routes; (ip route; ip -6 route) | grep -v '^fe80::' | sed 's/ linkdown//' | sort
section 'ip rules'; (ip rule; ip -6 rule) | sort
section neighbours-proxied; ip neigh show proxy | sort
section bridges; ovs-vsctl --timeout=5 --format=csv --no-headings --columns=name,datapath_type,external_ids list Bridge | sort
section ports; ovs-vsctl --timeout=5 --format=csv --no-headings --columns=name,tag,external_ids list Port | sort
section interfaces; ovs-vsctl --timeout=5 --format=csv --no-headings --columns=name,type,external_ids list Interface | sort
# One table after the other by name: only the order within a table means anything.
section nftables; nft list tables 2>&1 | sort | while read -r _ table; do nft --stateless list table $table 2>&1; done
section iptables; for c in iptables-save ip6tables-save; do $c | sed '/^#/d; s/\[[0-9:]*\]//'; done
section forwarding; sysctl -n net.ipv4.ip_forward net.ipv6.conf.all.forwarding net.ipv4.conf.all.route_localnet
section listening; ss -Hlntu | awk '{ print $1, $5 }' | sort
section 'docker networks'; docker network ls --format '{{.Name}} {{.Driver}}' 2>/dev/null | sort
section 'docker containers'; docker ps -a --format '{{.Names}}' 2>/dev/null | sort
"#;

/// Adds what the driver remembers.
const RECORDS: &str = "section records; docker-ovs network ls --json";

/// Links, addresses, switch, firewall, sockets and records of a host at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    sections: BTreeMap<String, Vec<String>>,
}

impl Snapshot {
    /// Looks at `node`, and at what the driver remembers if it runs there.
    pub(crate) fn take(node: &Node, driver: bool) -> Self {
        let text = node.quietly(&if driver { format!("{LOOK}{RECORDS}") } else { LOOK.to_owned() });
        let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut title = String::new();
        for line in text.lines() {
            match line.strip_prefix("== ") {
                Some(name) => name.clone_into(&mut title),
                None => sections.entry(title.clone()).or_default().push(line.to_owned()),
            }
        }
        Self { sections }
    }

    /// The lines of one section.
    #[must_use]
    pub fn section(&self, name: &str) -> &[String] {
        self.sections.get(name).map_or(&[], Vec::as_slice)
    }

    /// What `after` has more (`+`) and less (`-`), by section; empty if they are equal.
    #[must_use]
    pub fn difference(&self, after: &Self) -> String {
        let mut text = String::new();
        let names = self.sections.keys().chain(after.sections.keys().filter(|name| !self.sections.contains_key(*name)));
        for name in names {
            let (old, new) = (self.section(name), after.section(name));
            if old == new {
                continue;
            }
            let _ = writeln!(text, "{name}:");
            let (less, more) = (missing(old, new), missing(new, old));
            if less.is_empty() && more.is_empty() {
                text.push_str("  the same lines in another order\n");
            }
            less.iter().for_each(|line| text.push_str(&format!("  - {line}\n")));
            more.iter().for_each(|line| text.push_str(&format!("  + {line}\n")));
        }
        text
    }
}

/// The lines of `all` that `other` lacks, each as often as it lacks it.
fn missing<'a>(all: &'a [String], other: &[String]) -> Vec<&'a str> {
    let mut left: Vec<&String> = other.iter().collect();
    let mut lines = Vec::new();
    for line in all {
        match left.iter().position(|candidate| *candidate == line) {
            Some(at) => {
                left.swap_remove(at);
            }
            None => lines.push(line.as_str()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(lines: &[&str]) -> Snapshot {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        Snapshot { sections: BTreeMap::from([("links".to_owned(), lines)]) }
    }

    #[test]
    fn the_difference_names_what_came_and_went() {
        let difference = snapshot(&["lo", "eth0"]).difference(&snapshot(&["lo", "veth1", "veth1"]));
        assert_eq!(difference, "links:\n  - eth0\n  + veth1\n  + veth1\n");
    }

    #[test]
    fn equal_snapshots_have_no_difference_and_order_counts() {
        assert_eq!(snapshot(&["a", "b"]).difference(&snapshot(&["a", "b"])), "");
        assert!(snapshot(&["a", "b"]).difference(&snapshot(&["b", "a"])).contains("another order"));
    }
}
