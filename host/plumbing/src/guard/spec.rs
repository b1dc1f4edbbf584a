//! What a guard lets through.

use std::net::{IpAddr, Ipv6Addr};

use plan::{Datapath, EndpointPort, InstanceId, InterfaceName, InvalidName, Label, MacAddress};

use crate::ovs::{BridgeSpec, Purpose};

/// A port that is guarded, and what it may send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GuardSpec {
    /// The bridge that guards it: until it is settled, that of ovs-vswitchd's datapath.
    pub(crate) bridge: BridgeSpec,
    /// The one that guards it where its network's bridge is on the kernel's datapath.
    on_kernel: BridgeSpec,
    /// The container's port, on that bridge.
    pub(crate) port: InterfaceName,
    /// The guard's end of the patch to the network's bridge.
    pub(crate) inner: InterfaceName,
    /// The other end of it.
    pub(crate) outer: InterfaceName,
    /// Whom it may send as; none: as anybody.
    pub(crate) senders: Option<Senders>,
    /// Bits per second that it may send.
    pub(crate) rate: Option<u64>,
}

/// The stations that a port may send as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Senders {
    /// Their Ethernet addresses.
    pub(crate) macs: Vec<MacAddress>,
    /// Their addresses; empty: nobody knows them, and any will do.
    pub(crate) addresses: Vec<IpAddr>,
}

impl GuardSpec {
    /// The guard of a container's port; none: it needs none.
    pub(crate) fn of(
        instance: &InstanceId,
        port: &InterfaceName,
        endpoint: &EndpointPort,
    ) -> Result<Option<Self>, InvalidName> {
        if !endpoint.secured && endpoint.rate_egress.is_none() {
            return Ok(None);
        }
        Ok(Some(Self {
            bridge: bridge(instance, Datapath::Netdev)?,
            on_kernel: bridge(instance, Datapath::System)?,
            port: port.clone(),
            inner: InterfaceName::new(format!("{port}{INNER}"))?,
            outer: InterfaceName::new(format!("{port}{OUTER}"))?,
            senders: endpoint.secured.then(|| Senders::of(endpoint)),
            rate: endpoint.rate_egress,
        }))
    }

    /// Takes the guard bridge of the kernel's datapath: a patch leads from one bridge to another of the same.
    pub(crate) fn settle_on_kernel(&mut self) {
        self.bridge = self.on_kernel.clone();
    }
}

/// What the names of a patch's ends end with, behind that of the container's port. No digit of a number, so that they are
/// nobody else's.
const INNER: char = 'q';
const OUTER: char = 'p';

/// The container's port that a patch's end is for; none: it is for none.
pub(crate) fn guarded_by(patch: &str) -> Option<&str> {
    patch.strip_suffix([INNER, OUTER])
}

/// The guard bridge of an instance on a datapath.
fn bridge(instance: &InstanceId, datapath: Datapath) -> Result<BridgeSpec, InvalidName> {
    // As much of the id as fits: it is random.
    let id: String = instance.chars().filter(char::is_ascii_hexdigit).take(8).collect();
    let kernel = if datapath == Datapath::System { "k" } else { "" };
    let name = InterfaceName::new(format!("guard-{id}{kernel}"))?;
    Ok(BridgeSpec { label: Label::new("guard")?, name, named: false, datapath, purpose: Purpose::Guard })
}

impl Senders {
    fn of(endpoint: &EndpointPort) -> Self {
        let mut macs = vec![endpoint.mac];
        macs.extend(endpoint.allowed.iter().filter_map(|station| station.mac));
        let mut addresses: Vec<IpAddr> = endpoint.addresses.iter().map(|net| net.addr()).collect();
        if !addresses.is_empty() {
            addresses.extend(endpoint.allowed.iter().map(|station| station.address.addr()));
        }
        if addresses.iter().any(IpAddr::is_ipv6) {
            addresses.extend(macs.iter().map(|mac| IpAddr::V6(link_local(*mac))));
        }
        addresses.sort();
        addresses.dedup();
        macs.sort();
        macs.dedup();
        Self { macs, addresses }
    }
}

/// The address that a station gives itself on the link (RFC 4291, appendix A).
pub(crate) fn link_local(mac: MacAddress) -> Ipv6Addr {
    let MacAddress([a, b, c, d, e, f]) = mac;
    let word = |high: u8, low: u8| u16::from_be_bytes([high, low]);
    Ipv6Addr::new(0xfe80, 0, 0, 0, word(a ^ 2, b), word(c, 0xff), word(0xfe, d), word(e, f))
}

#[cfg(test)]
mod tests {
    use super::*;
    use plan::Attachment;

    #[test]
    fn a_station_gives_itself_the_address_that_follows_from_its_ethernet_address() {
        let mac = MacAddress([2, 0x42, 0xac, 0x11, 0, 2]);
        assert_eq!(link_local(mac), "fe80::42:acff:fe11:2".parse::<Ipv6Addr>().unwrap());
    }

    #[test]
    fn only_what_is_secured_or_slowed_down_has_a_guard() {
        let (instance, port) = (InstanceId::new("0123abcd-4567").unwrap(), InterfaceName::new("ove2f").unwrap());
        let on = Attachment::Bridge(Label::new("bridge").unwrap());
        let plain = EndpointPort::new(on, MacAddress([2, 0, 0, 0, 0, 1]), vec!["10.0.0.1/8".parse().unwrap()]);
        let slow_to_it = EndpointPort { rate_ingress: Some(9), ..plain.clone() };
        for unguarded in [&plain, &slow_to_it] {
            assert_eq!(GuardSpec::of(&instance, &port, unguarded).unwrap(), None);
        }
        let secured = EndpointPort { secured: true, ..plain };
        let mut guard = GuardSpec::of(&instance, &port, &secured).unwrap().unwrap();
        assert_eq!((&*guard.bridge.name, &*guard.inner, &*guard.outer), ("guard-0123abcd", "ove2fq", "ove2fp"));
        assert_eq!(
            (guarded_by("ove2fq"), guarded_by("ove2fp"), guarded_by("ove2f")),
            (Some("ove2f"), Some("ove2f"), None)
        );
        guard.settle_on_kernel();
        assert_eq!(&*guard.bridge.name, "guard-0123abcdk");
    }
}
