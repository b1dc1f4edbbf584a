//! The actions of a mode's answer that are about logical networks.

use super::action::text;
use super::value::nets;
use crate::bindings::ovs::mode::types;
use crate::{Acl, LoadBalancer, Localnet, LogicalNat, LogicalSwitch, RouterPort, StaticRoute, Verdict};

impl From<LogicalSwitch> for types::LogicalSwitch {
    fn from(switch: LogicalSwitch) -> Self {
        Self { vrf: switch.vrf, subnets: nets(switch.subnets), name: switch.name }
    }
}

impl From<RouterPort> for types::RouterPort {
    fn from(port: RouterPort) -> Self {
        Self {
            router: text(&port.router),
            switch: text(&port.switch),
            addresses: nets(port.addresses),
            chassis: port.chassis,
        }
    }
}

impl From<StaticRoute> for types::StaticRoute {
    fn from(route: StaticRoute) -> Self {
        Self { router: text(&route.router), route: route.route.into() }
    }
}

impl From<Localnet> for types::Localnet {
    fn from(localnet: Localnet) -> Self {
        Self { switch: text(&localnet.switch), network: localnet.network, vlan: localnet.vlan }
    }
}

impl From<Acl> for types::Acl {
    fn from(acl: Acl) -> Self {
        Self {
            switch: text(&acl.switch),
            priority: acl.priority,
            sources: nets(acl.sources),
            destinations: nets(acl.destinations),
            protocol: acl.protocol.map(Into::into),
            port: acl.port,
            verdict: acl.verdict.into(),
        }
    }
}

impl From<Verdict> for types::Verdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Allow => Self::Allow,
            Verdict::AllowRelated => Self::AllowRelated,
            Verdict::Drop => Self::Drop,
        }
    }
}

impl From<LoadBalancer> for types::LoadBalancer {
    fn from(balancer: LoadBalancer) -> Self {
        Self {
            router: text(&balancer.router),
            protocol: balancer.protocol.into(),
            address: balancer.address.into(),
            port: balancer.port,
            target: balancer.target.into(),
            target_port: balancer.target_port,
        }
    }
}

impl From<LogicalNat> for types::LogicalNat {
    fn from(nat: LogicalNat) -> Self {
        Self { router: text(&nat.router), external: nat.external.into(), sources: nets(nat.sources) }
    }
}
