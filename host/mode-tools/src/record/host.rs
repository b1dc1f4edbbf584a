//! The part of a host that the guard judged a plan by: what the network's options and the mode's grants name, and what
//! that hangs together with. The rest of the host is nobody's business, and would make every record long.

use std::collections::{BTreeMap, BTreeSet};

use plan::{BridgeOwner, Grants, HostBridge, HostFacts, HostInterface, InterfaceName, Network, Value};

use crate::fixture::{Bridge, Host, Interface, Owner};

/// The part of a host that matters to a network.
pub(super) fn of(host: &HostFacts, network: &Network, grants: &Grants) -> Host {
    let near = near(host, &named(network, grants));
    let names: BTreeMap<u32, &str> = host.interfaces.iter().map(|link| (link.index, link.name.as_str())).collect();
    let links = host.interfaces.iter().filter(|link| near.contains(link.name.as_str()));
    let bridges = host.bridges.iter().filter(|bridge| near.contains(bridge.name.as_str()));
    Host {
        kernel_datapath: Some(host.kernel_datapath),
        interfaces: Some(links.filter_map(|link| interface(link, &names)).collect()),
        bridges: bridges.filter_map(|it| bridge(it, network, &near)).collect(),
    }
}

/// What a mode may name: the texts of the network's options, and what its grants spell out.
fn named<'a>(network: &'a Network, grants: &'a Grants) -> BTreeSet<&'a str> {
    let options = network.options.iter().flat_map(|option| match &option.value {
        Value::Text(text) => vec![text.as_str()],
        Value::Texts(texts) => texts.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    });
    options.chain(grants.0.iter().filter_map(|grant| grant.parameter.as_deref())).collect()
}

/// The links and bridges of these names, what they are in or stacked on, and what is stacked on them, and so on.
fn near<'a>(host: &'a HostFacts, named: &BTreeSet<&str>) -> BTreeSet<&'a str> {
    let is_named = |link: &HostInterface| {
        named.contains(link.name.as_str()) || link.alternatives.iter().any(|name| named.contains(name.as_str()))
    };
    let links = host.interfaces.iter().filter(|link| is_named(link)).map(|link| link.name.as_str());
    let bridges = host.bridges.iter().map(|bridge| bridge.name.as_str()).filter(|name| named.contains(name));
    let mut near: BTreeSet<&str> = links.chain(bridges).collect();
    loop {
        let indices: BTreeSet<u32> =
            host.interfaces.iter().filter(|link| near.contains(link.name.as_str())).map(|link| link.index).collect();
        let inside = |link: &HostInterface| near.contains(link.name.as_str());
        let under = |other: &HostInterface| {
            let on = |link: &HostInterface| [link.master, link.parent].contains(&Some(other.index));
            host.interfaces.iter().any(|link| inside(link) && on(link))
        };
        let over = |other: &HostInterface| other.parent.is_some_and(|parent| indices.contains(&parent));
        let links = host.interfaces.iter().filter(|link| under(link) || over(link)).map(|link| link.name.as_str());
        let holds = |bridge: &HostBridge| {
            let held = |name: &String| {
                let of_link = |link: &HostInterface| link.name == *name || link.alternatives.contains(name);
                near.contains(name.as_str()) || host.interfaces.iter().any(|link| inside(link) && of_link(link))
            };
            bridge.interfaces.iter().any(held)
        };
        let bridges = host.bridges.iter().filter(|bridge| holds(bridge)).map(|bridge| bridge.name.as_str());
        let more: Vec<&str> = links.chain(bridges).filter(|name| !near.contains(name)).collect();
        if more.is_empty() {
            return near;
        }
        near.extend(more);
    }
}

fn interface(link: &HostInterface, names: &BTreeMap<u32, &str>) -> Option<Interface> {
    let name = |index: Option<u32>| InterfaceName::new(*names.get(&index?)?).ok();
    Some(Interface {
        name: InterfaceName::new(&link.name).ok()?,
        alternatives: link.alternatives.clone(),
        kind: link.kind.clone(),
        master: name(link.master),
        parent: name(link.parent),
        addressed: link.addressed,
        default_route: link.default_route,
        ours: link.ours,
        mtu: Some(link.mtu),
    })
}

fn bridge(bridge: &HostBridge, network: &Network, near: &BTreeSet<&str>) -> Option<Bridge> {
    let inside = bridge.interfaces.iter().filter(|name| **name != bridge.name && near.contains(name.as_str()));
    Some(Bridge {
        name: InterfaceName::new(&bridge.name).ok()?,
        owner: match &bridge.owner {
            BridgeOwner::Network(id) if *id == network.id => Owner::ThisNetwork,
            BridgeOwner::Network(_) => Owner::OtherNetwork,
            BridgeOwner::OtherInstance(_) => Owner::OtherDriver,
            BridgeOwner::Stranger => Owner::Stranger,
        },
        controller: bridge.controller,
        interfaces: inside.filter_map(|name| InterfaceName::new(name).ok()).collect(),
    })
}
