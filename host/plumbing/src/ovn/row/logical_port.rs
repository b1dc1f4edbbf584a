//! `Logical_Switch_Port` of a container, and of the host (`localport`: one row, and a port on every host that says so).

use std::net::IpAddr;

use ipnet::IpNet;
use ovsdb::Value;
use plan::{Label, MacAddress};
use uuid::Uuid;

use super::{RowSpec, Switch, Tenure};
use crate::Mark;
use crate::guard::link_local;
use crate::ovn::identity::{self, texts};
use crate::ovn::table::Table;

/// A container's logical port.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogicalPortSpec<'a> {
    pub(crate) switch: &'a Switch,
    pub(crate) mac: MacAddress,
    pub(crate) addresses: &'a [IpNet],
    /// Whether it may only send as itself, or as one of `allowed`.
    pub(crate) secured: bool,
    /// Ethernet addresses, none being its own, with addresses.
    pub(crate) allowed: &'a [(Option<MacAddress>, IpNet)],
}

/// Its row. The name is the `iface-id` of its interface, the `iface-id-ver` of both is the endpoint.
pub(crate) fn endpoint_port(label: &Label, mark: &Mark, port: LogicalPortSpec<'_>) -> RowSpec {
    let name = endpoint_name(mark);
    let version = mark.endpoint.as_ref().map_or(name.clone(), ToString::to_string);
    RowSpec {
        label: label.clone(),
        table: Table::LogicalSwitchPort,
        uuid: identity::uuid(&["endpoint-port", &mark.to_string(), label]),
        what: format!("port {name} of {}", port.switch.name()),
        columns: vec![
            ("name", name.into()),
            ("type", "".into()),
            ("addresses", Value::set(port.receives())),
            ("port_security", Value::set(port.sends())),
            ("options", Value::map([("iface-id-ver", version)])),
        ],
        holder: Some(port.switch.holder()),
        tenure: Tenure::Own,
    }
}

/// The name of an endpoint's logical port.
pub(crate) fn endpoint_name(mark: &Mark) -> String {
    let network = &mark.network;
    mark.endpoint.as_ref().map_or_else(|| format!("{network}"), ToString::to_string)
}

impl LogicalPortSpec<'_> {
    fn itself(&self, more: impl Iterator<Item = IpNet>) -> String {
        let own = self.addresses.iter().map(|address| address.addr().to_string());
        let words = [self.mac.to_string()].into_iter().chain(own).chain(more.map(station));
        words.collect::<Vec<_>>().join(" ")
    }

    /// What is brought to it. Frames to Ethernet addresses that no port has go to those that may have others.
    fn receives(&self) -> Vec<String> {
        let others = !self.secured || self.allowed.iter().any(|(mac, _)| mac.is_some_and(|mac| mac != self.mac));
        let unknown = others.then(|| "unknown".to_owned());
        [self.itself(std::iter::empty())].into_iter().chain(unknown).collect()
    }

    /// What it may send as; empty: as anything.
    fn sends(&self) -> Vec<String> {
        if !self.secured {
            return Vec::new();
        }
        let foreign = |mac: &Option<MacAddress>| mac.filter(|mac| *mac != self.mac);
        let own = self.allowed.iter().filter(|(mac, _)| foreign(mac).is_none()).map(|(_, address)| *address);
        let mut sends = vec![self.itself(own)];
        let shared = self.allowed.iter().filter_map(|(mac, address)| Some((foreign(mac)?, *address)));
        sends.extend(shared.map(|(mac, address)| self.announced(mac, address)));
        sends
    }

    /// With an Ethernet address that routers share (VRRP) it announces itself, from its own address or the one that it gives
    /// itself on the link (RFC 5798, section 7.3; for OVN the latter is that of the entry's Ethernet address).
    fn announced(&self, mac: MacAddress, address: IpNet) -> String {
        let link_local = self.speaks_ipv6().then(|| IpAddr::V6(link_local(self.mac)));
        let own = self.addresses.iter().map(IpNet::addr).chain(link_local).map(|own| own.to_string());
        [mac.to_string(), station(address)].into_iter().chain(own).collect::<Vec<_>>().join(" ")
    }

    /// Whether IPv6 passes it; to OVN an Ethernet address without addresses means any.
    pub(crate) fn speaks_ipv6(&self) -> bool {
        let allowed = self.allowed.iter().map(|(_, address)| address);
        self.addresses.is_empty() || self.addresses.iter().chain(allowed).any(|net| net.addr().is_ipv6())
    }
}

/// One address without its prefix, a range with it.
fn station(address: IpNet) -> String {
    match address.prefix_len() == address.max_prefix_len() {
        true => address.addr().to_string(),
        false => address.trunc().to_string(),
    }
}

/// The host's port on a switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HostPortSpec {
    /// Its row.
    pub(crate) uuid: Uuid,
    /// Its name, the `iface-id` of the interface on each host.
    pub(crate) name: String,
    /// Its Ethernet address, the same on each host.
    pub(crate) mac: MacAddress,
}

impl HostPortSpec {
    /// The host's port with these addresses.
    pub(crate) fn of(switch: &Switch, addresses: &[IpNet]) -> Self {
        let mut addresses: Vec<IpAddr> = addresses.iter().map(IpNet::addr).collect();
        addresses.sort_unstable();
        let addresses = texts(&addresses).join(",");
        let uuid = identity::uuid(&["host-port", &switch.key(), &addresses]);
        Self { uuid, name: format!("{}-host-{addresses}", switch.name()), mac: identity::mac(uuid) }
    }
}

/// Its row.
pub(crate) fn host_port(label: &Label, switch: &Switch, addresses: &[IpNet]) -> RowSpec {
    let HostPortSpec { uuid, name, mac } = HostPortSpec::of(switch, addresses);
    let own = addresses.iter().map(|address| address.addr().to_string());
    let itself: Vec<String> = [mac.to_string()].into_iter().chain(own).collect();
    RowSpec {
        label: label.clone(),
        table: Table::LogicalSwitchPort,
        uuid,
        what: format!("port {name}"),
        columns: vec![("name", name.into()), ("type", "localport".into()), ("addresses", itself.join(" ").into())],
        holder: Some(switch.holder()),
        tenure: Tenure::Shared(None),
    }
}
