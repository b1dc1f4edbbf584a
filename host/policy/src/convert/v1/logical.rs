//! Answers about logical networks.

use plan::{Acl, Action, LoadBalancer, Localnet, LogicalNat, LogicalSwitch, RouterPort, StaticRoute, Verdict};

use super::super::checked::{Checked, name, vlan};
use super::{lift, route, wit};
use crate::escape::printable;

pub(super) fn switch(switch: &wit::LogicalSwitch) -> Checked<Action> {
    Ok(Action::LogicalSwitch(LogicalSwitch {
        vrf: printable(&switch.vrf),
        subnets: lift::nets("subnets", &switch.subnets)?,
        name: switch.name.as_deref().map(printable),
    }))
}

pub(super) fn router_port(port: &wit::RouterPort) -> Checked<Action> {
    Ok(Action::RouterPort(RouterPort {
        router: name("router", &port.router)?,
        switch: name("switch", &port.switch)?,
        addresses: lift::nets("addresses", &port.addresses)?,
        chassis: port.chassis.iter().map(|chassis| printable(chassis)).collect(),
    }))
}

pub(super) fn static_route(added: &wit::StaticRoute) -> Checked<Action> {
    Ok(Action::StaticRoute(StaticRoute { router: name("router", &added.router)?, route: route(&added.route)? }))
}

pub(super) fn localnet(localnet: &wit::Localnet) -> Checked<Action> {
    Ok(Action::Localnet(Localnet {
        switch: name("switch", &localnet.switch)?,
        network: printable(&localnet.network),
        vlan: localnet.vlan.map(vlan).transpose()?,
    }))
}

pub(super) fn acl(acl: &wit::Acl) -> Checked<Action> {
    Ok(Action::Acl(Acl {
        switch: name("switch", &acl.switch)?,
        priority: acl.priority,
        sources: lift::nets("sources", &acl.sources)?,
        destinations: lift::nets("destinations", &acl.destinations)?,
        protocol: acl.protocol.map(lift::protocol),
        port: acl.port,
        verdict: match acl.verdict {
            wit::Verdict::Allow => Verdict::Allow,
            wit::Verdict::AllowRelated => Verdict::AllowRelated,
            wit::Verdict::Drop => Verdict::Drop,
        },
    }))
}

pub(super) fn load_balancer(balancer: &wit::LoadBalancer) -> Checked<Action> {
    Ok(Action::LoadBalancer(LoadBalancer {
        router: name("router", &balancer.router)?,
        protocol: lift::protocol(balancer.protocol),
        address: lift::address(balancer.address),
        port: balancer.port,
        target: lift::address(balancer.target),
        target_port: balancer.target_port,
    }))
}

pub(super) fn nat(nat: &wit::LogicalNat) -> Checked<Action> {
    Ok(Action::LogicalNat(LogicalNat {
        router: name("router", &nat.router)?,
        external: lift::address(nat.external),
        sources: lift::nets("sources", &nat.sources)?,
    }))
}
