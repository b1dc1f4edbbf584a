//! What there is on a host that a driver could leave behind, for a comparison of before and after.

use crate::command::{Failed, LONG, patience};
use crate::host::Host;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::thread;
use std::time::{Duration, Instant};

/// How long to wait before one looks again.
pub(crate) const PAUSE: Duration = Duration::from_millis(200);

/// One section a title line `== name`, then its lines in an order that does not depend on history. A command that fails
/// ends it: two looks that saw nothing are not equal, they are no looks.
const LOOK: &str = r#"
set -euo pipefail
section() { echo "== $1"; }
filter() { grep -v "$@" || [ $? = 1 ]; }
section links; ip -o link | sed -E 's/^[0-9]+: ([^:@]+)[^:]*:/\1/; s/,?(LOWER_UP|NO-CARRIER)//g; s/ (state|link-netnsid) [^ ]+//g' | sort
section addresses; ip -o address | awk '{ print $2, $3, $4 }' | filter ' fe80::' | sort
section routes; (ip route; ip -6 route) | filter '^fe80::' | sed 's/ linkdown//' | sort
section 'ip rules'; (ip rule; ip -6 rule) | sort
section neighbours-proxied; ip neigh show proxy | sort
section queueing; tc qdisc | sort
section switches; for of in ipv4/conf ipv6/conf ipv4/neigh ipv6/neigh bridge; do
  [ ! -e /proc/sys/net/$of ] || (cd /proc/sys/net && find $of -type f ! -name stable_secret | xargs grep -H '')
done | sort
# One table after the other by name, and the elements of a set in an order of their own: only that of rules means anything.
by_element() {
  awk '/elements = [{]/ { inside = 1; sub(/.*elements = [{]/, ""); fflush() }
    !inside { print; next }
    { last = sub(/ *[}]$/, ""); count = split($0, elements, ",")
      for (at = 1; at <= count; at++) { gsub(/^[ \t]+/, "", elements[at]); if (elements[at] != "") print "element " elements[at] | "sort" }
      if (last) { close("sort"); inside = 0 } }'
}
section nftables; nft list tables | sort | while read -r _ table; do nft --stateless list table $table 2>&1 | by_element; done
section iptables; for c in iptables-save ip6tables-save; do $c | sed '/^#/d; s/\[[0-9:]*\]//'; done
section listening; ss -Hlntu | awk '{ print $1, $5 }' | sort
"#;

/// Adds what Open vSwitch is configured to be: every table, and every column that it does not fill in itself;
/// without what OVN counts and notes there.
const SWITCH: &str = r#"
section switch; ovsdb-client --timeout=5 --format=json dump unix:/run/openvswitch/db.sock Open_vSwitch | jq -r '
  .headings as $columns | (.caption | split(" ")[0]) as $table | .data[] |
  [$columns, .] | transpose | map({ (.[0]): .[1] }) | add | "\($table) \(.name // .target // "")" as $row | del(
    ._uuid, .status, .statistics, .error, .cur_cfg, .next_cfg, .datapath_types, .iface_types, .dpdk_initialized,
    .dpdk_version, .datapath_version, .datapaths, .rstp_status, .rstp_statistics, .bond_active_slave, .lacp_current,
    .admin_state, .link_state, .link_speed, .link_resets, .duplex, .mtu, .ofport, .ifindex, .mac_in_use, .bfd_status,
    .cfm_fault, .cfm_fault_status, .cfm_flap_count, .cfm_health, .cfm_mpid_status, .cfm_remote_mpids,
    .cfm_remote_opstate, .is_connected, .role
  ) | if .external_ids then .external_ids[1] |= map(select(.[0] | test("^(ovn-nb-cfg|ovn-installed|ct-zone-)") | not)) else . end |
  to_entries[] | select(.value != ["set", []] and .value != ["map", []] and .value != "") |
  "\($row) \(.key) \(.value)"' | sort
"#;

/// Adds what Docker has.
const DOCKER: &str = "
section 'docker networks'; docker network ls --format '{{.Name}} {{.Driver}}' | sort
section 'docker containers'; docker ps -a --format '{{.Names}}' | sort
";

/// Adds what the driver remembers.
const RECORDS: &str = "section records; docker-ovs network ls --json";

/// Links, addresses, switch, firewall, sockets and records of a host at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    sections: BTreeMap<String, Vec<String>>,
}

impl Snapshot {
    /// Looks at a node, and at what those of its daemons have that run; or how that failed.
    pub(crate) fn take(host: &Host) -> Result<Self, Failed> {
        let running = [
            (SWITCH, host.ovsdb_server.is_some()),
            (DOCKER, host.docker_daemon.is_some()),
            (RECORDS, host.driver.is_some()),
        ];
        let more = running.into_iter().filter_map(|(look, runs)| runs.then_some(look));
        let look: String = std::iter::once(LOOK).chain(more).collect();
        Ok(Self::of(&host.node.quietly(&format!("exec bash <<'LOOK'\n{look}\nLOOK"))?))
    }

    /// What a look printed.
    pub(crate) fn of(text: &str) -> Self {
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

/// Looks until what is seen differs from `before` only in what `is_fine`; panics with the difference if that takes too long.
#[track_caller]
pub(crate) fn comes_to(of: &str, before: &Snapshot, look: impl Fn() -> Snapshot, is_fine: impl Fn(&str) -> bool) {
    let deadline = Instant::now() + patience(LONG);
    loop {
        let difference = before.difference(&look());
        if is_fine(&difference) {
            return;
        }
        assert!(Instant::now() < deadline, "lab: {of} is not as it was:\n{difference}");
        thread::sleep(PAUSE);
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
