//! `Load_Balancer`: a published port on a router. Whoever publishes a port first has it, so the row's uuid follows from
//! the port: two endpoints that want the same one want the same row.

use std::net::{IpAddr, SocketAddr};

use ovsdb::Value;
use plan::{Label, Protocol};

use super::{Holder, Router, RowSpec, Tenure};
use crate::ovn::identity;
use crate::ovn::table::Table;

/// Its row.
pub(crate) fn load_balancer(
    label: &Label,
    router: &Router,
    protocol: Protocol,
    from: (IpAddr, u16),
    to: (IpAddr, u16),
) -> RowSpec {
    let (from, to, protocol) = (SocketAddr::from(from).to_string(), SocketAddr::from(to).to_string(), word(protocol));
    let name = format!("{}-{from}-{protocol}", router.name);
    RowSpec {
        label: label.clone(),
        table: Table::LoadBalancer,
        uuid: identity::uuid(&["load-balancer", &router.uuid.to_string(), protocol, &from]),
        what: format!("load balancer {name}"),
        columns: vec![("name", name.into()), ("protocol", protocol.into()), ("vips", Value::map([(from, to)]))],
        holder: Some(Holder::Row(router.uuid)),
        tenure: Tenure::Own,
    }
}

/// The protocol's name, in columns and in matches.
pub(super) fn word(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
        Protocol::Sctp => "sctp",
    }
}
