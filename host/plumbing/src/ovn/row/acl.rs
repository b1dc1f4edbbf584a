//! `ACL`: what becomes of packets that arrive at ports of a switch, and of what a container has no business to send.

use ipnet::IpNet;
use plan::{Label, Protocol};

use super::load_balancer::word;
use super::logical_port::endpoint_name;
use super::{RowSpec, Switch, Tenure};
use crate::Mark;
use crate::ovn::identity::{self, texts};
use crate::ovn::table::Table;

/// The highest priority that the column takes: no rule of a mode or a user overrules it.
const FIRST: u16 = 32767;

/// What packets a rule is about. Nothing said is all packets of IP.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packets<'a> {
    pub(crate) sources: &'a [IpNet],
    pub(crate) destinations: &'a [IpNet],
    pub(crate) protocol: Option<Protocol>,
    pub(crate) port: Option<u16>,
}

/// Its row. `action` is the word of the column.
pub(crate) fn acl(label: &Label, switch: &Switch, priority: u16, packets: Packets<'_>, action: &str) -> RowSpec {
    let matches = packets.expression();
    RowSpec {
        label: label.clone(),
        table: Table::Acl,
        uuid: identity::uuid(&["acl", &switch.key(), &priority.to_string(), &matches, action]),
        what: format!("ACL {action} {matches} of {}", switch.name()),
        columns: vec![
            ("priority", priority.into()),
            ("direction", "to-lport".into()),
            ("match", matches.into()),
            ("action", action.into()),
        ],
        holder: Some(switch.holder()),
        tenure: Tenure::Shared(None),
    }
}

/// Drops what a secured port sends as routers do: redirects of IPv6. Router advertisements cannot be dropped: ovn-northd lets
/// them pass above every rule (its `nd_ra` at priority 65532 of each table of rules).
pub(crate) fn no_redirects(label: &Label, mark: &Mark, switch: &Switch) -> RowSpec {
    let port = endpoint_name(mark);
    RowSpec {
        label: label.clone(),
        table: Table::Acl,
        uuid: identity::uuid(&["no-redirects", &mark.to_string(), label]),
        what: format!("ACL against redirects of port {port}"),
        columns: vec![
            ("priority", FIRST.into()),
            ("direction", "from-lport".into()),
            ("match", format!("inport == \"{port}\" && icmp6.type == 137").into()),
            ("action", "drop".into()),
        ],
        holder: Some(switch.holder()),
        tenure: Tenure::Own,
    }
}

impl Packets<'_> {
    /// In OVN's language: each family by itself, since a set of addresses has one. Neighbour discovery is not left out:
    /// ovn-northd lets it pass above every rule, and ovn-controller cannot parse `!nd`, so that the rule would do nothing.
    fn expression(&self) -> String {
        let families = [("ip4", true), ("ip6", false)].map(|(family, is_ipv4)| self.family(family, is_ipv4));
        let families: Vec<String> = families.into_iter().flatten().collect();
        match families.len() {
            // Addresses of one family to those of the other: there is no such packet.
            0 => "0".to_owned(),
            1 => families.concat(),
            _ => format!("({})", families.join(") || (")),
        }
    }

    /// None: no packet of this family is meant.
    fn family(&self, family: &str, is_ipv4: bool) -> Option<String> {
        let mut terms = vec![family.to_owned()];
        for (field, nets) in [("src", self.sources), ("dst", self.destinations)] {
            let own: Vec<IpNet> = nets.iter().filter(|net| net.addr().is_ipv4() == is_ipv4).map(IpNet::trunc).collect();
            match own.is_empty() {
                true if !nets.is_empty() => return None,
                true => {}
                false => terms.push(format!("{family}.{field} == {{{}}}", texts(&own).join(", "))),
            }
        }
        terms.extend(self.protocol.map(|protocol| word(protocol).to_owned()));
        terms.extend(self.protocol.zip(self.port).map(|(protocol, port)| format!("{}.dst == {port}", word(protocol))));
        Some(terms.join(" && "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expression(sources: &[&str], destinations: &[&str], protocol: Option<Protocol>, port: Option<u16>) -> String {
        let nets = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<IpNet>>();
        let (sources, destinations) = (nets(sources), nets(destinations));
        Packets { sources: &sources, destinations: &destinations, protocol, port }.expression()
    }

    #[test]
    fn each_family_is_said_by_itself() {
        let all = expression(&[], &[], None, None);
        assert_eq!(all, "(ip4) || (ip6)");
        let both = expression(&["10.0.0.0/24", "fd00::/64"], &["10.1.0.0/24"], Some(Protocol::Tcp), Some(80));
        assert_eq!(both, "ip4 && ip4.src == {10.0.0.0/24} && ip4.dst == {10.1.0.0/24} && tcp && tcp.dst == 80");
        assert_eq!(expression(&["10.0.0.0/24"], &["fd00::/64"], None, None), "0");
    }
}
