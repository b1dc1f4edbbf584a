//! Published ports of every protocol, at every kind of host address.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use plan::{Protocol, PublishedPort};
use proptest::prelude::*;

/// Most ports that are published at once.
const PORTS: usize = 6;

/// The ports of one call; the host has each port once.
pub(super) fn ports() -> impl Strategy<Value = Vec<PublishedPort>> {
    prop::collection::vec(port(), 0..=PORTS).prop_map(|mut ports| {
        let mut seen = BTreeSet::new();
        ports.retain(|port| seen.insert((port.protocol, port.host_port)));
        ports
    })
}

fn port() -> impl Strategy<Value = PublishedPort> {
    let number = || prop_oneof![1..=u16::MAX, Just(80), Just(u16::MAX)];
    (protocol(), host_address(), number(), number()).prop_map(|(protocol, host_address, host_port, container_port)| {
        PublishedPort { protocol, host_address, host_port, container_port }
    })
}

fn protocol() -> impl Strategy<Value = Protocol> {
    prop::sample::select(vec![Protocol::Tcp, Protocol::Udp, Protocol::Sctp])
}

fn host_address() -> impl Strategy<Value = Option<IpAddr>> {
    let of_hosts: Vec<IpAddr> = vec![
        Ipv4Addr::UNSPECIFIED.into(),
        Ipv4Addr::LOCALHOST.into(),
        Ipv4Addr::new(192, 0, 2, 7).into(),
        Ipv6Addr::UNSPECIFIED.into(),
        Ipv6Addr::LOCALHOST.into(),
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7).into(),
    ];
    prop::option::of(prop::sample::select(of_hosts))
}
