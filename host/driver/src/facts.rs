//! What modes may know about the host: only what their manifest asks for, gathered here and passed in, so that a fixture
//! is the whole truth. And whether anybody has to know anything about it: most networks are made of what is ours alone,
//! and looking at a host takes longer the more containers it has.

mod ovn;
mod tunnel;

use std::collections::BTreeMap;

use plan::{Action, Attribute, Attributes, Datapath, HostFacts, Value};

use crate::config::PhysicalNetwork;
pub(crate) use tunnel::{hosts, is_followed};

/// Whether what a manifest wants to know is found out by a look at the host.
pub(crate) fn are_the_hosts(wanted: &[String], options: &[Attribute]) -> bool {
    wanted.iter().any(|key| match key.as_str() {
        "uplink.mtu" => options.text("uplink").is_some(),
        key => matches!(key, "host.mtu" | "ovs.datapath") || ovn::has(key) || tunnel::has(key, options),
    })
}

/// The facts a manifest wants that may have changed since its network was made, and count when a container comes.
pub(crate) fn live<'a>(wanted: &'a [String], options: &[Attribute]) -> Option<&'a String> {
    wanted.iter().find(|key| ovn::is_live(key, options))
}

/// Whether the guard judges an action by what there is on the host.
pub(crate) fn judge(action: &Action) -> bool {
    match action {
        Action::Uplink(_) => true,
        Action::Bridge(bridge) => bridge.name.is_some() || bridge.datapath == Datapath::System,
        // Another network may have its subnets.
        Action::LogicalSwitch(switch) => switch.name.is_none(),
        _ => false,
    }
}

/// The facts a manifest wants, as far as there are any: `uplink.mtu` is missing where the network has no uplink.
pub(crate) fn gather(
    wanted: &[String],
    options: &[Attribute],
    host: &HostFacts,
    physical: &BTreeMap<String, PhysicalNetwork>,
) -> Vec<Attribute> {
    let known = |key: &str| {
        let of_tunnels = || tunnel::fact(key, options, host);
        fact(key, options, host).or_else(of_tunnels).or_else(|| ovn::fact(key, options, host, physical))
    };
    wanted.iter().filter_map(|key| Some(Attribute::new(key, known(key)?))).collect()
}

/// The facts a manifest wants, out of those that a network was told when it was made.
pub(crate) fn told(wanted: &[String], of_network: &[Attribute]) -> Vec<Attribute> {
    of_network.iter().filter(|fact| wanted.contains(&fact.key)).cloned().collect()
}

fn fact(key: &str, options: &[Attribute], host: &HostFacts) -> Option<Value> {
    match key {
        "uplink.mtu" => host.interface(options.text("uplink")?).map(|link| Value::Integer(i64::from(link.mtu))),
        "host.mtu" => {
            let way_out = host.interfaces.iter().filter(|link| link.default_route);
            way_out.map(|link| Value::Integer(i64::from(link.mtu))).next()
        }
        "ovs.datapath" => Some(Value::Text(if host.kernel_datapath { "system" } else { "netdev" }.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use plan::{Bridge, BridgeName, HostInterface, LogicalSwitch};

    use super::*;

    #[test]
    fn nobody_looks_for_what_nobody_asks() {
        let uplink = [Attribute::new("uplink", Value::Text("eth1".to_owned()))];
        let wanted = |key: &str| [key.to_owned()];
        assert!(are_the_hosts(&wanted("uplink.mtu"), &uplink) && !are_the_hosts(&wanted("uplink.mtu"), &[]));
        assert!(are_the_hosts(&wanted("ovs.datapath"), &[]) && !are_the_hosts(&wanted("host.secrets"), &uplink));
        let bridge = |name: Option<&str>, datapath| {
            Action::Bridge(Bridge { name: name.map(|name| BridgeName::new(name).unwrap()), datapath })
        };
        assert!(!judge(&bridge(None, Datapath::Auto)));
        assert!(judge(&bridge(Some("br-lan"), Datapath::Auto)) && judge(&bridge(None, Datapath::System)));
        let switch = |name: Option<&str>| {
            let (vrf, name) = ("default".to_owned(), name.map(str::to_owned));
            Action::LogicalSwitch(LogicalSwitch { vrf, subnets: Vec::new(), name })
        };
        assert!(judge(&switch(None)) && !judge(&switch(Some("theirs"))));
    }

    #[test]
    fn an_endpoint_is_told_what_its_network_was_as_far_as_it_is_asked_for() {
        let of_network = [
            Attribute::new("uplink.mtu", Value::Integer(9000)),
            Attribute::new("ovs.datapath", Value::Text("system".to_owned())),
        ];
        let wanted = ["ovs.datapath", "host.mtu"].map(str::to_owned);
        assert_eq!(told(&wanted, &of_network), of_network[1..]);
        assert!(told(&[], &of_network).is_empty());
    }

    #[test]
    fn only_what_is_asked_for_and_known() {
        let link =
            HostInterface { name: "eth1".to_owned(), mtu: 9000, default_route: true, ..HostInterface::default() };
        let host = HostFacts { interfaces: vec![link], ..HostFacts::default() };
        let options = [Attribute::new("uplink", Value::Text("eth1".to_owned()))];
        let wanted = ["uplink.mtu", "host.mtu", "ovs.datapath", "host.secrets"].map(str::to_owned);
        let facts = gather(&wanted, &options, &host, &BTreeMap::new());
        assert_eq!(facts.len(), 3);
        assert_eq!(facts.value("uplink.mtu"), Some(&Value::Integer(9000)));
        assert_eq!(facts.text("ovs.datapath"), Some("netdev"));
        assert!(gather(&wanted[..1], &[], &host, &BTreeMap::new()).is_empty());
    }
}
