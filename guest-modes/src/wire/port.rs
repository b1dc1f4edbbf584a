//! The ports of a mode's answer.

use super::action::text;
use super::value::nets;
use crate::bindings::ovs::mode::types;
use crate::{Attachment, EndpointPort, HostPort, Route, Station};

impl From<HostPort> for types::HostPort {
    fn from(port: HostPort) -> Self {
        Self {
            on: port.on.into(),
            addresses: nets(port.addresses),
            routes: port.routes.into_iter().map(Into::into).collect(),
            vlan: port.vlan,
            mtu: port.mtu,
        }
    }
}

impl From<EndpointPort> for types::EndpointPort {
    fn from(port: EndpointPort) -> Self {
        Self {
            on: port.on.into(),
            mac: port.mac.into(),
            addresses: nets(port.addresses),
            vlan: port.vlan,
            trunks: port.trunks,
            mtu: port.mtu,
            isolated: port.isolated,
            secured: port.secured,
            allowed: port.allowed.into_iter().map(Into::into).collect(),
            rate_ingress: port.rate_ingress,
            rate_egress: port.rate_egress,
        }
    }
}

impl From<Attachment> for types::Attachment {
    fn from(on: Attachment) -> Self {
        match on {
            Attachment::Bridge(label) => Self::Bridge(text(&label)),
            Attachment::LogicalSwitch(label) => Self::LogicalSwitch(text(&label)),
        }
    }
}

impl From<Route> for types::Route {
    fn from(route: Route) -> Self {
        Self { destination: route.destination.into(), next_hop: route.next_hop.into() }
    }
}

impl From<Station> for types::Station {
    fn from(station: Station) -> Self {
        Self { mac: station.mac.map(Into::into), address: station.address.into() }
    }
}
